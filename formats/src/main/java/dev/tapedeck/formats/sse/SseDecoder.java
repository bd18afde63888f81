package dev.tapedeck.formats.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes events out of the bytes of an event stream, which may be fed in pieces cut anywhere.
 *
 * <pre>
 *   begin --BOM?--> line --CR, LF or CRLF--> comment:  nothing
 *                    ^  ^                    field:    kept for the frame
 *                    |  |                    empty:    the frame is an event if it has data
 *                    |  +----------------------+
 *                    |
 *   a frame over the limit: its lines are dropped up to the next empty one
 * </pre>
 *
 * <p>An event whose lines came in one piece is handed out where it lies, without being copied. What
 * is held between calls is at most one frame: {@link #maxFrameBytes()} in an unfinished line and as
 * many in its data.
 *
 * <p>For one thread at a time. Never throws for what the bytes are.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events,
 *     sections 9.2.5 and 9.2.6</a>
 */
public final class SseDecoder {

  /** The most bytes that the lines of one event may have, comments not counted. */
  public static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
  private static final byte[] ID = {'i', 'd'};
  private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r'};
  private static final byte[] RETRY = {'r', 'e', 't', 'r', 'y'};
  private static final byte[] NEWLINE = {'\n'};

  /** The most digits of a {@code retry} that fit into a long whatever they are. */
  private static final int MAX_RETRY_DIGITS = 18;

  private final Consumer<? super SseEvent> sink;
  private final int maxFrameBytes;
  private final boolean errorFields;

  private int bomBytes;
  private boolean begun;
  private boolean afterCr;

  /** Whether a line has begun whose end has not come. */
  private boolean inLine;

  /**
   * Whether the bytes of that line are of no interest: a comment's, or of a frame over the limit.
   */
  private boolean dropLine;

  private final ByteGather line = new ByteGather();

  private boolean frameOverLimit;
  private boolean inFrame;
  private long frameBytes;
  private String name = SseEvent.MESSAGE;
  private long retryMillis = -1;
  private boolean hasData;

  /**
   * The frame's data while it is one line that lies in the piece being fed; else it is gathered.
   */
  private byte @Nullable [] inPlace;

  private int inPlaceFrom;
  private int inPlaceTo;
  private final ByteGather data = new ByteGather();

  private String id = "";
  private String lastName = SseEvent.MESSAGE;
  private byte[] lastNameBytes = SseEvent.MESSAGE.getBytes(UTF_8);

  private long events;
  private long discardedFrames;
  private long discardedBytes;

  /** A decoder at the beginning of its stream, with {@link #MAX_FRAME_BYTES} as its limit. */
  public SseDecoder(Consumer<? super SseEvent> sink) {
    this(sink, MAX_FRAME_BYTES);
  }

  /**
   * A decoder at the beginning of its stream.
   *
   * @param sink gets each event, on the thread that feeds, while the bytes are fed
   * @param maxFrameBytes the limit for one event, 1 to {@link #MAX_FRAME_BYTES} bytes
   */
  public SseDecoder(Consumer<? super SseEvent> sink, int maxFrameBytes) {
    this(sink, maxFrameBytes, false);
  }

  private SseDecoder(Consumer<? super SseEvent> sink, int maxFrameBytes, boolean errorFields) {
    if (maxFrameBytes < 1 || maxFrameBytes > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "an event's limit is 1 to " + MAX_FRAME_BYTES + " bytes, not " + maxFrameBytes);
    }
    this.sink = Objects.requireNonNull(sink);
    this.maxFrameBytes = maxFrameBytes;
    this.errorFields = errorFields;
  }

  /**
   * As {@link #SseDecoder(Consumer, int)}, but a field {@code error} with an object is not ignored:
   * llama.cpp sends its errors so. It is an event of that name.
   */
  public static SseDecoder withErrorFields(Consumer<? super SseEvent> sink, int maxFrameBytes) {
    return new SseDecoder(sink, maxFrameBytes, true);
  }

  /** Takes the next bytes of the stream. The array is not kept. */
  public void feed(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int end = offset + length;
    int at = begun ? offset : begin(bytes, offset, end);
    while (at < end) {
      if (afterCr) {
        afterCr = false;
        if (bytes[at] == '\n') {
          at++;
          continue;
        }
      }
      int stop = lineEnd(bytes, at, end);
      if (stop == end) {
        pieceOfLine(bytes, at, end);
        break;
      }
      endOfLine(bytes, at, stop);
      afterCr = bytes[stop] == '\r';
      at = stop + 1;
    }
    gatherInPlace();
  }

  /** As {@link #feed(byte[], int, int)}, all of an array. */
  public void feed(byte[] bytes) {
    feed(bytes, 0, bytes.length);
  }

  /**
   * Ends the stream. A last event whose empty line has not come is discarded, as the specification
   * wants it.
   *
   * @return whether there was one
   */
  public boolean finish() {
    boolean tail = inFrame || frameOverLimit || (inLine && !dropLine) || bomBytes % BOM.length != 0;
    if (frameOverLimit) {
      discardedBytes += frameBytes;
    }
    line.clear();
    inLine = false;
    resetFrame();
    return tail;
  }

  /** How many events were handed out. */
  public long events() {
    return events;
  }

  /** How many frames were over the limit and discarded. */
  public long discardedFrames() {
    return discardedFrames;
  }

  /** How many bytes the discarded frames had, as far as they have ended. */
  public long discardedBytes() {
    return discardedBytes;
  }

  /** The limit of one event in bytes. */
  public int maxFrameBytes() {
    return maxFrameBytes;
  }

  /** Drops a byte order mark, which may come in pieces; gives where the stream goes on. */
  private int begin(byte[] bytes, int offset, int end) {
    int at = offset;
    while (at < end && bomBytes < BOM.length && bytes[at] == BOM[bomBytes]) {
      at++;
      bomBytes++;
    }
    if (at == end && bomBytes < BOM.length) {
      return at;
    }
    begun = true;
    if (bomBytes > 0 && bomBytes < BOM.length) {
      pieceOfLine(BOM, 0, bomBytes);
      bomBytes = 0;
    }
    return at;
  }

  /** The index of the first CR or LF, or {@code end}. Looks at eight bytes at a time. */
  private static int lineEnd(byte[] bytes, int from, int end) {
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, at);
      long lf = eight ^ ('\n' * ONES);
      long cr = eight ^ ('\r' * ONES);
      // The lowest marked byte is the first zero; marks above it may be wrong.
      long found = (((lf - ONES) & ~lf) | ((cr - ONES) & ~cr)) & HIGHS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private void pieceOfLine(byte[] bytes, int from, int to) {
    if (!inLine) {
      inLine = true;
      dropLine = frameOverLimit || bytes[from] == ':';
    }
    if (frameOverLimit) {
      frameBytes += to - from;
    } else if (!dropLine) {
      if (frameBytes + line.length() + to - from > maxFrameBytes) {
        discard(line.length() + to - from);
      } else {
        line.append(bytes, from, to);
      }
    }
  }

  private void endOfLine(byte[] bytes, int from, int to) {
    if (!inLine) {
      wholeLine(bytes, from, to, true);
      return;
    }
    pieceOfLine(bytes, from, to);
    if (!dropLine) {
      wholeLine(line.array(), 0, line.length(), false);
    }
    line.clear();
    inLine = false;
  }

  private void wholeLine(byte[] bytes, int from, int to, boolean fed) {
    if (from == to) {
      endOfFrame();
    } else if (frameOverLimit) {
      frameBytes += to - from;
    } else if (bytes[from] != ':') {
      if (frameBytes + to - from > maxFrameBytes) {
        discard(to - from);
      } else {
        frameBytes += to - from;
        inFrame = true;
        field(bytes, from, to, fed);
      }
    }
  }

  private void field(byte[] bytes, int from, int to, boolean fed) {
    if (isField(DATA, bytes, from, to)) {
      data(bytes, value(bytes, from + DATA.length, to), to, fed);
    } else if (isField(EVENT, bytes, from, to)) {
      name(bytes, value(bytes, from + EVENT.length, to), to);
    } else if (isField(ID, bytes, from, to)) {
      id(bytes, value(bytes, from + ID.length, to), to);
    } else if (isField(RETRY, bytes, from, to)) {
      retry(bytes, value(bytes, from + RETRY.length, to), to);
    } else if (errorFields && !hasData && isField(ERROR, bytes, from, to)) {
      int value = value(bytes, from + ERROR.length, to);
      if (value < to && bytes[value] == '{') {
        data(bytes, value, to, fed);
        name(ERROR, 0, ERROR.length);
      }
    }
  }

  private static boolean isField(byte[] field, byte[] bytes, int from, int to) {
    int after = from + field.length;
    if (after > to || (after < to && bytes[after] != ':')) {
      return false;
    }
    return Arrays.equals(bytes, from, after, field, 0, field.length);
  }

  /** Where the value begins: after the colon, if there is one, and one space. */
  private static int value(byte[] bytes, int colon, int to) {
    int at = Math.min(colon + 1, to);
    return at < to && bytes[at] == ' ' ? at + 1 : at;
  }

  private void data(byte[] bytes, int from, int to, boolean fed) {
    if (fed && !hasData) {
      inPlace = bytes;
      inPlaceFrom = from;
      inPlaceTo = to;
    } else {
      gatherInPlace();
      if (hasData) {
        data.append(NEWLINE, 0, 1);
      }
      data.append(bytes, from, to);
    }
    hasData = true;
  }

  private void gatherInPlace() {
    if (inPlace != null) {
      data.append(inPlace, inPlaceFrom, inPlaceTo);
      inPlace = null;
    }
  }

  private void name(byte[] bytes, int from, int to) {
    // Most events of a stream have the same name as the one before.
    if (!Arrays.equals(bytes, from, to, lastNameBytes, 0, lastNameBytes.length)) {
      lastNameBytes = Arrays.copyOfRange(bytes, from, to);
      lastName = new String(lastNameBytes, UTF_8);
    }
    name = from == to ? SseEvent.MESSAGE : lastName;
  }

  private void id(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == 0) {
        return;
      }
    }
    id = new String(bytes, from, to - from, UTF_8);
  }

  private void retry(byte[] bytes, int from, int to) {
    if (from == to || to - from > MAX_RETRY_DIGITS) {
      return;
    }
    long millis = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return;
      }
      millis = 10 * millis + bytes[i] - '0';
    }
    retryMillis = millis;
  }

  private void discard(int bytes) {
    discardedFrames++;
    frameOverLimit = true;
    frameBytes += bytes;
    dropLine = true;
    line.clear();
    data.clear();
    inPlace = null;
  }

  private void endOfFrame() {
    if (frameOverLimit) {
      discardedBytes += frameBytes;
    } else if (hasData) {
      events++;
      byte[] gathered = inPlace;
      sink.accept(
          gathered != null
              ? new SseEvent(name, gathered, inPlaceFrom, inPlaceTo - inPlaceFrom, id, retryMillis)
              : new SseEvent(name, data.array(), 0, data.length(), id, retryMillis));
    }
    resetFrame();
  }

  private void resetFrame() {
    frameOverLimit = false;
    inFrame = false;
    frameBytes = 0;
    name = SseEvent.MESSAGE;
    retryMillis = -1;
    hasData = false;
    inPlace = null;
    data.clear();
  }
}
