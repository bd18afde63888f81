package dev.tapedeck.formats.cast;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording in asciicast v2 or v3, line by line, as it is asked for events.
 *
 * <p>Accepted: blank lines after the header; in v3, comments (lines that begin with {@code #});
 * unknown fields and codes; a last line without its newline; sizes of 0; {@code env} values that
 * are numbers or booleans. Refused with a {@link CastFormatException} that names the line and the
 * reason: everything else, also a last line that is cut off. Events before a refused line are
 * delivered first.
 *
 * <p>Holds one line in memory. Reads in large pieces by itself: the stream needs no buffer.
 */
public final class CastReader implements Closeable {

  /** The longest line that is read. */
  public static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

  private final InputStream in;
  private final LineSource lines;
  private final JsonLine json = new JsonLine(MAX_LINE_BYTES);
  private final CastHeader header;
  private long time;

  /**
   * Reads the header.
   *
   * @throws CastFormatException if it is none; the stream is still the caller's to close then
   */
  public CastReader(InputStream in) throws IOException {
    this.in = in;
    this.lines = new LineSource(in, MAX_LINE_BYTES);
    if (!lines.next()) {
      throw new CastFormatException(
          1, "is missing; a recording begins with a JSON object, the header");
    }
    this.header = HeaderLine.parse(json("a recording begins with a JSON object, the header"));
  }

  public CastHeader header() {
    return header;
  }

  /** The number, from 1, of the line that was read last. */
  public long line() {
    return lines.number();
  }

  /**
   * The next event, its time counted from the recording's start in either version; null at the end.
   *
   * <p>Times never fall: an event of v2 that lies before the one before it gets that one's time.
   *
   * @throws CastFormatException if the next line is none; what follows it can still be read, its
   *     times in v3 lacking the refused interval
   */
  public @Nullable CastEvent next() throws IOException {
    while (lines.next()) {
      if (lines.isBlank() || isComment()) {
        continue;
      }
      CastEvent event =
          EventLine.parse(json(EventLine.EXPECTED), lines.number(), header.version(), time);
      time = event.time();
      return event;
    }
    return null;
  }

  private boolean isComment() {
    return header.version() == 3 && lines.array()[lines.offset()] == '#';
  }

  private @Nullable Object json(String expected) throws CastFormatException {
    try {
      return json.parse(lines.array(), lines.offset(), lines.length());
    } catch (JsonLine.NotJson e) {
      if (!lines.isTerminated()) {
        throw new CastFormatException(
            lines.number(), "is cut off: the file ends inside it; " + expected, true);
      }
      throw new CastFormatException(
          lines.number(), "cannot be read: " + e.reason() + "; " + expected);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
