package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.play.Playback;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.formats.cast.CastReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A recording as the commands read it: an error names the file, and a last line that is still being
 * written, or that a crash cut off, is the end.
 */
final class CastFile implements Playback.Recording<CommandFailed> {

  private final Path path;
  private final CastReader reader;

  CastFile(Path path) throws CommandFailed, IOException {
    this.path = path;
    java.io.InputStream in = Files.newInputStream(path);
    try {
      reader = new CastReader(in);
    } catch (CastFormatException e) {
      in.close();
      throw new CommandFailed(path + ": " + Sentence.of(e), e);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  CastHeader header() {
    return reader.header();
  }

  /** The next event, or null at the end. */
  @Override
  public @Nullable CastEvent next() throws CommandFailed, IOException {
    try {
      return reader.next();
    } catch (CastFormatException e) {
      if (e.cutOff()) {
        return null;
      }
      throw new CommandFailed(path + ": " + Sentence.of(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
