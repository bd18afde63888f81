package dev.tapedeck.catalog;

import dev.tapedeck.formats.cast.CastBytes;
import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.formats.cast.CastText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a terminal showed, or could have, in pieces of several screens, for long pieces take little
 * room.
 */
final class TerminalText {

  /** A piece is no longer, but for its last line. */
  static final int MAX_CHARS = 16 * 1024;

  /** So many lines that cannot be read make a file that is no recording. */
  private static final int MAX_BAD_LINES = 100;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final double NANOS = 1e9;

  /** What strings(1) would find: so many characters side by side are hardly there by chance. */
  private static final Pattern LEGIBLE =
      Pattern.compile("[^\\p{Cntrl}\u0080-\u009f\ufffd]{6,}\r?\n?");

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
      CastBytes exact = new CastBytes();
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
          byte[] some = exact.of(event);
          boolean untold = event.data().isEmpty() && some.length > 0;
          gather.shown.event(untold ? legible(event.time(), event.code(), some) : event);
          bytes += event.code() == CastCode.Known.OUTPUT ? some.length : 0;
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

  /**
   * Reads what passed beside the protocol on a file transfer's track.
   *
   * @param limit so many bytes of output are read, and not much more
   * @return whether there was more
   */
  static boolean readTransfer(Path file, long limit, Consumer<ScreenLines> pieces)
      throws IOException {
    TerminalText gather = new TerminalText(0, 0, pieces);
    long[] bytes = {0};
    TransferBytes.read(
        file,
        some -> {
          if (!some.input() && bytes[0] < limit) {
            long nanos = (long) (some.seconds() * NANOS);
            gather.shown.event(legible(nanos, CastCode.Known.OUTPUT, some.bytes()));
          }
          bytes[0] += some.input() ? 0 : some.bytes().length;
        });
    gather.shown.end();
    gather.end();
    return bytes[0] > limit;
  }

  /** What can be read in bytes that nobody was shown. */
  private static CastEvent legible(long time, CastCode code, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder read = new StringBuilder();
    Matcher runs = LEGIBLE.matcher(text);
    while (runs.find()) {
      read.append(runs.group());
      if (read.charAt(read.length() - 1) != '\n') {
        read.append('\n');
      }
    }
    return new CastEvent(time, code, read.toString());
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
