package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastText;
import dev.tapedeck.formats.cast.CastV2Writer;
import dev.tapedeck.formats.cast.CastV3Writer;
import dev.tapedeck.formats.cast.CastWriter;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.BufferedOutputStream;
import java.io.Closeable;
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
    description = {
      "Writes a terminal track as asciicast v3, asciicast v2 or plain text, or a session's API",
      "traffic as HAR 1.2."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck export latest -o demo.cast",
      "  tapedeck export 019a5b/exec-2 --format text | less",
      "  tapedeck export latest -o traffic.har --wire"
    })
public final class Export extends SessionCommand {

  private static final String ALLOWED = "har, cast3, cast2 or text";

  /** What a track can be made into. */
  enum Format {
    HAR,
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
        "har (HAR 1.2), cast3 (asciicast v3), cast2 (asciicast v2) or text; by default FILE's",
        "ending says: .har is har, .cast is cast3, .txt is text."
      })
  @Nullable String format;

  @Option(
      names = "--wire",
      description = {
        "Of a HAR: what really was on the wire, streams as their events. Without it, each exchange",
        "is shown as if it had asked for no stream."
      })
  boolean wire;

  @Option(names = "-o", paramLabel = "FILE", description = "Where to, in place of standard output.")
  @Nullable String file;

  public Export(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Format named = format();
    if (wire && named != null && named != Format.HAR) {
      throw new ConfigException("--wire: only a har knows what was on the wire");
    }
    Recordings.Found found = recordings().find(session);
    Format chosen = named != null ? named : fallback(found);
    TrackRecord track =
        chosen == Format.HAR ? Recordings.harTrack(found) : Recordings.terminalTrack(found);
    Path source = found.folder().path().resolve(track.file());
    Path target = StoreOptions.option("-o", file, surroundings::path);
    if (target == null) {
      write(found, track, chosen, console.stream());
      return DONE;
    }
    if (Files.exists(target) && Files.isSameFile(source, target)) {
      throw new CommandFailed(target + " is the recording itself");
    }
    // A recording that is none leaves what the file held.
    open(source, chosen).close();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      write(found, track, chosen, out);
    }
    return DONE;
  }

  private Format fallback(Recordings.Found found) {
    return wire || Recordings.isApiOnly(found) ? Format.HAR : Format.CAST3;
  }

  /** What the options say; null if they say nothing. */
  private @Nullable Format format() throws ConfigException {
    if (format != null) {
      return switch (format) {
        case "har" -> Format.HAR;
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
      return null;
    }
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".har")) {
      return Format.HAR;
    }
    if (name.endsWith(".cast")) {
      return Format.CAST3;
    }
    if (name.endsWith(".txt") || name.endsWith(".log")) {
      return Format.TEXT;
    }
    throw new ConfigException(
        "-o: the ending of " + file + " names no format; say --format, allowed: " + ALLOWED);
  }

  private static Closeable open(Path source, Format format) throws CommandFailed, IOException {
    return switch (format) {
      case HAR -> Files.newInputStream(source);
      case CAST3, CAST2, TEXT -> new CastFile(source);
    };
  }

  private void write(Recordings.Found found, TrackRecord track, Format format, OutputStream out)
      throws CommandFailed, IOException {
    if (format == Format.HAR) {
      HarTrack.copy(found, track, wire, out);
      return;
    }
    try (CastFile cast = new CastFile(found.folder().path().resolve(track.file()))) {
      switch (format) {
        case CAST3 -> cast(cast, new CastV3Writer(out, cast.header()));
        case CAST2 -> cast(cast, new CastV2Writer(out, cast.header()));
        case TEXT -> text(cast, out);
        case HAR -> throw new IllegalStateException("no cast");
      }
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
