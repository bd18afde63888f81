package dev.tapedeck.formats.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * One server-sent event. Its data lies in an array that belongs to whoever decodes and is good only
 * until the call that handed the event out returns; {@link #data()}, {@link #dataBytes()} and
 * {@link #kept()} copy.
 */
public final class SseEvent {

  /** The name of an event that names none. */
  public static final String MESSAGE = "message";

  private static final long NO_RETRY = -1;

  private final String name;
  private final byte[] array;
  private final int offset;
  private final int length;
  private final String id;
  private final long retryMillis;

  SseEvent(String name, byte[] array, int offset, int length, String id, long retryMillis) {
    this.name = name;
    this.array = array;
    this.offset = offset;
    this.length = length;
    this.id = id;
    this.retryMillis = retryMillis;
  }

  /**
   * An event of this data, as if it had come in a stream: for what carries the same events another
   * way, WebSocket messages for one. The array is not copied.
   */
  public static SseEvent of(String name, byte[] data) {
    return new SseEvent(Objects.requireNonNull(name), data, 0, data.length, "", NO_RETRY);
  }

  /** What the {@code event} field said, else {@link #MESSAGE}. */
  public String name() {
    return name;
  }

  /** The array that the data lies in. */
  public byte[] array() {
    return array;
  }

  /** Where in {@link #array()} the data begins. */
  public int offset() {
    return offset;
  }

  /** The data's length in bytes. */
  public int length() {
    return length;
  }

  /** The data; bytes that are not UTF-8 become U+FFFD. */
  public String data() {
    return new String(array, offset, length, UTF_8);
  }

  /** A copy of the data. */
  public byte[] dataBytes() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** The last {@code id} of the stream so far; empty if there was none. */
  public String id() {
    return id;
  }

  /** The wait before reconnecting that this event asks for, in milliseconds. */
  public OptionalLong retryMillis() {
    return retryMillis == NO_RETRY ? OptionalLong.empty() : OptionalLong.of(retryMillis);
  }

  /** Whether the data is exactly this text, in ASCII. */
  public boolean dataIs(String ascii) {
    if (ascii.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (array[offset + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The same event with data of its own, to be kept. */
  public SseEvent kept() {
    return new SseEvent(name, dataBytes(), 0, length, id, retryMillis);
  }

  /** Name and data, for messages. */
  @Override
  public String toString() {
    return name + ": " + data();
  }
}
