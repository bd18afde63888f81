package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Surroundings;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastText;
import dev.tapedeck.formats.cast.CastV2Writer;
import dev.tapedeck.formats.cast.CastV3Writer;
import dev.tapedeck.formats.cast.CastWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a track in a format for others. */
@Command(
    name = "export",
    sortOptions = false,
    description = "Writes a terminal track as asciicast v3, asciicast v2 or plain text.",
    footer = {
      "",
      "Examples:",
      "  tapedeck export latest -o demo.cast",
      "  tapedeck export 019a5b/exec-2 --format text | less"
    })
public final class Export extends SessionCommand {

  private static final String ALLOWED = "cast3, cast2 or text";

  /** What a track can be made into. */
  enum Format {
    CAST3,
    CAST2,
    TEXT
  }

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      description = "An id, the unique beginning of one, or latest; then perhaps a track.")
  String session = "";

  @Option(
      names = "--format",
      paramLabel = "F",
      description = {
        "cast3 (asciicast v3), cast2 (asciicast v2) or text;",
        "by default FILE's ending says: .cast is cast3, .txt is text."
      })
  @Nullable String format;

  @Option(names = "-o", paramLabel = "FILE", description = "Where to, in place of standard output.")
  @Nullable String file;

  public Export(Surroundings surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Format chosen = format();
    Recordings.Found found = recordings().find(session);
    Path source = found.folder().path().resolve(Recordings.terminalTrack(found).file());
    Path target = StoreOptions.option("-o", file, surroundings::path);
    try (CastFile cast = new CastFile(source)) {
      if (target == null) {
        write(cast, chosen, console.stream());
      } else if (Files.exists(target) && Files.isSameFile(source, target)) {
        throw new CommandFailed(target + " is the recording itself");
      } else {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
          write(cast, chosen, out);
        }
      }
    }
    return DONE;
  }

  private Format format() throws ConfigException {
    if (format != null) {
      return switch (format) {
        case "cast3" -> Format.CAST3;
        case "cast2" -> Format.CAST2;
        case "text" -> Format.TEXT;
        default ->
            throw new ConfigException(
                "--format: a session cannot be exported as \""
                    + format
                    + "\"; allowed: "
                    + ALLOWED);
      };
    }
    if (file == null) {
      return Format.CAST3;
    }
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".cast")) {
      return Format.CAST3;
    }
    if (name.endsWith(".txt") || name.endsWith(".log")) {
      return Format.TEXT;
    }
    throw new ConfigException(
        "-o: the ending of " + file + " names no format; say --format, allowed: " + ALLOWED);
  }

  private static void write(CastFile cast, Format format, OutputStream out)
      throws CommandFailed, IOException {
    switch (format) {
      case CAST3 -> cast(cast, new CastV3Writer(out, cast.header()));
      case CAST2 -> cast(cast, new CastV2Writer(out, cast.header()));
      case TEXT -> text(cast, out);
    }
  }

  private static void cast(CastFile cast, CastWriter writer) throws CommandFailed, IOException {
    for (CastEvent event = cast.next(); event != null; event = cast.next()) {
      writer.write(event);
    }
  }

  private static void text(CastFile cast, OutputStream out) throws CommandFailed, IOException {
    CastText text = new CastText(cast.header().width(), (_, line) -> line(out, line));
    try {
      for (CastEvent event = cast.next(); event != null; event = cast.next()) {
        text.event(event);
      }
      text.end();
    } catch (UncheckedIOException e) {
      throw new IOException(Sentence.of(e), e);
    }
  }

  private static void line(OutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
