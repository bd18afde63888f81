package dev.tapedeck.formats.cast;

import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * Makes the lines of an asciicast v2 out of a terminal's raw bytes. Does no I/O: each call gives a
 * {@link CastLine}, to be written with one write, that is good until the next call.
 *
 * <pre>
 *   header --> output | errorOutput | input | resize | marker | event --> exit
 *                 (any number, in the order in which they happened)   \-> flush
 * </pre>
 *
 * <p>Terminal bytes become characters by one decoder for each direction. One that is cut at the end
 * of a call waits there for its rest and is written with it; {@link #exit} or {@link #flush} give
 * up waiting. Bytes that are not UTF-8 become U+FFFD as {@code new String(bytes, UTF_8)} does it;
 * where the direction's {@link Keeping} wants them, a {@link CastBytes} event before has them as
 * they were.
 *
 * <p>Times are nanoseconds since the recording began, by one monotonic clock; they are written in
 * seconds with microseconds, and one that lies before the line before it is written as that line's
 * time.
 *
 * <p>For one thread at a time. Allocates nothing for an event once its buffer has grown to the size
 * of the largest.
 *
 * @see <a href="https://docs.asciinema.org/manual/asciicast/v2/">asciicast v2</a>
 */
public final class CastEncoder {

  /**
   * The most bytes that one event may have. Escaped, they are six times as many at worst, which is
   * less than {@link CastReader#MAX_LINE_BYTES}.
   */
  public static final int MAX_EVENT_BYTES = 2 * 1024 * 1024;

  /** Whether bytes that are not UTF-8 are kept as they are. */
  @FunctionalInterface
  public interface Keeping {

    /** Nothing but what the text says. */
    Keeping NOTHING = (_, _) -> false;

    /**
     * Asked for each event whose text does not say its bytes.
     *
     * @param bytes the event's
     * @param before how many of them came with earlier calls, and waited for the rest of a
     *     character
     */
    boolean keep(byte[] bytes, int before);
  }

  private static final String BYTES_BEGIN = "\"" + CastBytes.CODE.text() + "\", \"";
  private static final String OUTPUT_BEGINS = "\"o\", \"";
  private static final String INPUT_BEGINS = "\"i\", \"";
  private static final String TEXT_ENDS = "\"]\n";
  private static final long MICROSECOND = 1000;
  private static final long SECOND_IN_MICROSECONDS = 1_000_000;

  private final LineBuffer buffer = new LineBuffer();
  private final CastLine line = new CastLine();
  private final Direction output;
  private final Direction errorOutput;
  private final Direction input;
  private long lastMicros;

  /** What belongs together in one direction. */
  private record Direction(String begins, Utf8Stream stream, Keeping keeping) {}

  /** An encoder at the beginning of its recording, which keeps nothing but text. */
  public CastEncoder() {
    this(Keeping.NOTHING, Keeping.NOTHING, Keeping.NOTHING);
  }

  /** An encoder at the beginning of its recording, which keeps bytes that are not text. */
  public CastEncoder(Keeping output, Keeping errorOutput, Keeping input) {
    this.output = new Direction(OUTPUT_BEGINS, new Utf8Stream(), output);
    this.errorOutput = new Direction(OUTPUT_BEGINS, new Utf8Stream(), errorOutput);
    this.input = new Direction(INPUT_BEGINS, new Utf8Stream(), input);
  }

  /**
   * The first line. Written as version 2 whatever version {@code header} has, with a {@linkplain
   * CastHeader#usable usable} size.
   */
  public CastLine header(CastHeader header) {
    buffer.length(0);
    HeaderText.append(header.withVersion(2), buffer);
    return line.set(buffer);
  }

  /**
   * The program wrote to its terminal, or to standard output.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_EVENT_BYTES} bytes
   */
  public CastLine output(long nanos, byte[] bytes, int offset, int length) {
    return text(nanos, output, bytes, offset, length);
  }

  /**
   * The program wrote to standard error, apart from standard output: an {@code o} event too, since
   * that is what the person saw, but characters are put together apart.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_EVENT_BYTES} bytes
   */
  public CastLine errorOutput(long nanos, byte[] bytes, int offset, int length) {
    return text(nanos, errorOutput, bytes, offset, length);
  }

  /**
   * The person typed.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_EVENT_BYTES} bytes
   */
  public CastLine input(long nanos, byte[] bytes, int offset, int length) {
    return text(nanos, input, bytes, offset, length);
  }

  /** As {@link #output}, but of bytes that are no text: a player shows nothing of them. */
  public CastLine outputBytes(long nanos, byte[] bytes, int offset, int length) {
    return untold(nanos, output, bytes, offset, length);
  }

  /** As {@link #errorOutput}, but of bytes that are no text: a player shows nothing of them. */
  public CastLine errorOutputBytes(long nanos, byte[] bytes, int offset, int length) {
    return untold(nanos, errorOutput, bytes, offset, length);
  }

  /** As {@link #input}, but of bytes that are no text. */
  public CastLine inputBytes(long nanos, byte[] bytes, int offset, int length) {
    return untold(nanos, input, bytes, offset, length);
  }

  /** The terminal has a new size; what no reader takes is made usable as in the header. */
  public CastLine resize(long nanos, int columns, int rows) {
    buffer.length(0);
    time(nanos);
    buffer
        .raw("\"r\", \"")
        .number(CastHeader.width(columns))
        .raw('x')
        .number(CastHeader.height(rows))
        .raw(TEXT_ENDS);
    return line.set(buffer);
  }

  /** A place worth finding again, or something that a person who plays this should see. */
  public CastLine marker(long nanos, String label) {
    return event(nanos, CastCode.Known.MARKER, label);
  }

  /** An event of any kind, its data already text; does not touch what is held back. */
  public CastLine event(long nanos, CastCode code, String data) {
    buffer.length(0);
    append(nanos, code, data);
    return line.set(buffer);
  }

  /** The line of one event, after what the buffer holds. */
  private void append(long nanos, CastCode code, String data) {
    time(nanos);
    buffer.text(code.text()).raw(", ").text(data).raw("]\n");
  }

  /**
   * Gives up waiting for the rest of characters: each that was held back becomes an event with
   * U+FFFD. Empty where nothing was. To be called when a track ends without an {@link #exit}.
   */
  public CastLine flush(long nanos) {
    buffer.length(0);
    appendHeldBack(nanos);
    return line.set(buffer);
  }

  /**
   * The program ended: what was held back, as {@link #flush} writes it, and an {@code x} event.
   *
   * @param status what a shell would show: 0 to 255, 128+n for signal n, -1 if unknown
   */
  public CastLine exit(long nanos, int status) {
    buffer.length(0);
    appendHeldBack(nanos);
    append(nanos, CastCode.Known.EXIT, Integer.toString(status));
    return line.set(buffer);
  }

  private void appendHeldBack(long nanos) {
    appendHeldBack(nanos, output);
    appendHeldBack(nanos, errorOutput);
    appendHeldBack(nanos, input);
  }

  private void appendHeldBack(long nanos, Direction direction) {
    Utf8Stream stream = direction.stream;
    if (stream.isHolding()) {
      byte[] held = stream.take(new byte[0], 0, 0);
      if (direction.keeping.keep(held, held.length)) {
        appendBytes(nanos, held);
      }
      time(nanos);
      buffer.raw(direction.begins).replacement().raw(TEXT_ENDS);
    }
  }

  private CastLine text(long nanos, Direction direction, byte[] bytes, int offset, int length) {
    check(bytes, offset, length);
    buffer.length(0);
    buffer.beginExact();
    time(nanos);
    buffer.raw(direction.begins);
    int empty = buffer.length();
    direction.stream.append(bytes, offset, length, buffer);
    if (buffer.length() == empty) {
      buffer.length(0);
    } else {
      buffer.raw(TEXT_ENDS);
      if (!buffer.isExact()) {
        keep(nanos, direction, direction.stream.appended(bytes, offset, length));
      }
    }
    return line.set(buffer);
  }

  /** Puts the bytes of the line in the buffer before it. */
  private void keep(long nanos, Direction direction, byte[] bytes) {
    if (direction.keeping.keep(bytes, direction.stream.heldBefore())) {
      byte[] shown = Arrays.copyOf(buffer.array(), buffer.length());
      buffer.length(0);
      appendBytes(nanos, bytes);
      buffer.raw(shown);
    }
  }

  private CastLine untold(long nanos, Direction direction, byte[] bytes, int offset, int length) {
    check(bytes, offset, length);
    buffer.length(0);
    byte[] all = direction.stream.take(bytes, offset, length);
    if (all.length > 0 && direction.keeping.keep(all, direction.stream.heldBefore())) {
      appendBytes(nanos, all);
      time(nanos);
      buffer.raw(direction.begins).raw(TEXT_ENDS);
    }
    return line.set(buffer);
  }

  private void appendBytes(long nanos, byte[] bytes) {
    time(nanos);
    buffer.raw(BYTES_BEGIN).raw(Base64.getEncoder().encode(bytes)).raw(TEXT_ENDS);
  }

  private static void check(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length > MAX_EVENT_BYTES) {
      throw new IllegalArgumentException(
          length + " bytes are too many for one event; " + MAX_EVENT_BYTES + " are allowed");
    }
  }

  /** Begins a line. A line that stays empty may move the clock too: the next is not before it. */
  private void time(long nanos) {
    lastMicros = Math.max(lastMicros, nanos / MICROSECOND);
    buffer.raw('[').decimal(lastMicros, 6, SECOND_IN_MICROSECONDS).raw(", ");
  }
}
