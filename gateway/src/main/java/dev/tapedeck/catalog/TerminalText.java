package dev.tapedeck.catalog;

import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.formats.cast.CastText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What a terminal showed, in pieces of several screens, for long pieces take little room. */
final class TerminalText {

  /** A piece is no longer, but for its last line. */
  static final int MAX_CHARS = 16 * 1024;

  /** So many lines that cannot be read make a file that is no recording. */
  private static final int MAX_BAD_LINES = 100;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final long startedMillis;
  private final Consumer<ScreenLines> pieces;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder delays = new StringBuilder();
  private long begun;
  private long last;

  private final CastText shown;

  private TerminalText(int columns, long startedMillis, Consumer<ScreenLines> pieces) {
    this.startedMillis = startedMillis;
    this.pieces = pieces;
    this.shown = new CastText(columns, (_, line) -> line(line));
  }

  /**
   * Reads a recording. Lines that are damaged are passed over; one that is cut off is the end.
   *
   * @param startedMillis when the recording began, after the session's start
   * @param limit so many bytes of output are read, and not much more
   * @return whether there was more
   * @throws IOException if it cannot be read, or is no recording; what came before that was given
   */
  static boolean read(Path cast, long startedMillis, long limit, Consumer<ScreenLines> pieces)
      throws IOException {
    try (CastReader reader = new CastReader(Files.newInputStream(cast))) {
      TerminalText gather = new TerminalText(reader.header().width(), startedMillis, pieces);
      long bytes = 0;
      int bad = 0;
      boolean more = true;
      while (bytes < limit) {
        try {
          CastEvent event = reader.next();
          if (event == null) {
            more = false;
            break;
          }
          gather.shown.event(event);
          bytes += event.code() == CastCode.Known.OUTPUT ? utf8Length(event.data()) : 0;
        } catch (CastFormatException e) {
          if (e.cutOff()) {
            more = false;
            break;
          }
          if (++bad > MAX_BAD_LINES) {
            throw e;
          }
        }
      }
      gather.shown.end();
      gather.end();
      return more && isOutputLeft(reader);
    }
  }

  /** Whether anything follows but marks and the end. */
  private static boolean isOutputLeft(CastReader reader) {
    try {
      CastEvent event = reader.next();
      while (event != null && event.code() != CastCode.Known.OUTPUT) {
        event = reader.next();
      }
      return event != null;
    } catch (IOException damaged) {
      return false;
    }
  }

  private static long utf8Length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Half of a pair is two of its four bytes.
      length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return length;
  }

  private void line(String whole) {
    String line = Encoded.without(whole);
    if (line.isBlank()) {
      return;
    }
    // Rounded up: at that moment the line is there.
    long millis = startedMillis + (shown.printed() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
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
