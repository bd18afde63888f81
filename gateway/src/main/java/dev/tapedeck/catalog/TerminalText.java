package dev.tapedeck.catalog;

import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.formats.cast.CastText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a terminal showed, in pieces of several screens, for long pieces take little room. */
final class TerminalText {

  /** A piece is no longer, but for its last line. */
  static final int MAX_CHARS = 16 * 1024;

  /** What a track showed after so much is not found: some 200,000 lines. */
  static final long MAX_TRACK_CHARS = 16L << 20;

  /** So many lines that cannot be read make a file that is no recording. */
  private static final int MAX_BAD_LINES = 100;

  private final long startedMillis;
  private final Consumer<ScreenLines> pieces;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder delays = new StringBuilder();
  private long begun;
  private long last;
  private long total;

  private TerminalText(long startedMillis, Consumer<ScreenLines> pieces) {
    this.startedMillis = startedMillis;
    this.pieces = pieces;
  }

  /**
   * Reads a recording. Lines that are damaged are passed over; one that is cut off is the end.
   *
   * @param startedMillis when the recording began, after the session's start
   * @throws IOException if it cannot be read, or is no recording; what came before that was given
   */
  static void read(Path cast, long startedMillis, Consumer<ScreenLines> pieces) throws IOException {
    try (CastReader reader = new CastReader(Files.newInputStream(cast))) {
      TerminalText gather = new TerminalText(startedMillis, pieces);
      CastText text = new CastText(reader.header().width(), gather::line);
      int bad = 0;
      while (gather.total < MAX_TRACK_CHARS) {
        try {
          CastEvent event = reader.next();
          if (event == null) {
            break;
          }
          text.event(event);
        } catch (CastFormatException e) {
          if (e.cutOff()) {
            break;
          }
          if (++bad > MAX_BAD_LINES) {
            throw e;
          }
        }
      }
      text.end();
      gather.end();
    }
  }

  private void line(long nanos, String line) {
    if (line.isBlank() || total >= MAX_TRACK_CHARS) {
      return;
    }
    long millis = startedMillis + TimeUnit.NANOSECONDS.toMillis(nanos);
    if (text.isEmpty()) {
      begun = millis;
    } else {
      text.append('\n');
      delays.append(',');
      if (millis != last) {
        delays.append(millis - last);
      }
    }
    last = millis;
    text.append(line);
    total += line.length();
    if (text.length() >= MAX_CHARS) {
      end();
    }
  }

  private void end() {
    if (!text.isEmpty()) {
      pieces.accept(new ScreenLines(begun, delays.toString(), text.toString()));
      text.setLength(0);
      delays.setLength(0);
    }
  }
}
