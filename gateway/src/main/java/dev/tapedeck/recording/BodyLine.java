package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A body's line of a journal, read as {@link Journal#line} writes it and no other way: nearly all
 * of a journal is such lines. For one thread.
 */
final class BodyLine {

  private static final byte[] TIME = ascii("{\"t\":");
  private static final byte[] EXCHANGE = ascii(",\"x\":");
  private static final byte[] REQUEST = ascii(",\"e\":\"body\",\"side\":\"request\",\"plain\":");
  private static final byte[] RESPONSE = ascii(",\"e\":\"body\",\"side\":\"response\",\"plain\":");
  private static final byte[] TRUE = ascii("true,\"data\":\"");
  private static final byte[] FALSE = ascii("false,\"data\":\"");
  private static final byte[] END = ascii("\"}");

  private final byte[] array;
  private final int end;
  private int at;
  private long time;
  private long exchange;
  private Side side = Side.REQUEST;
  private boolean plain;

  private BodyLine(byte[] array, int begin, int end) {
    this.array = array;
    this.at = begin;
    this.end = end;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The line, or null if it is another event's. */
  static @Nullable BodyLine of(byte[] array, int begin, int end) {
    BodyLine line = new BodyLine(array, begin, end);
    return line.head() ? line : null;
  }

  private boolean head() {
    if (!eat(TIME)) {
      return false;
    }
    time = number();
    if (!eat(EXCHANGE)) {
      return false;
    }
    exchange = number();
    if (eat(RESPONSE)) {
      side = Side.RESPONSE;
    } else if (!eat(REQUEST)) {
      return false;
    }
    plain = eat(TRUE);
    return plain || eat(FALSE);
  }

  private boolean eat(byte[] text) {
    if (end - at < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (array[at + i] != text[i]) {
        return false;
      }
    }
    at += text.length;
    return true;
  }

  private long number() {
    long value = 0;
    while (at < end && array[at] >= '0' && array[at] <= '9') {
      value = 10 * value + array[at++] - '0';
    }
    return value;
  }

  long exchange() {
    return exchange;
  }

  Journal.Line read() throws IOException {
    int data = end - END.length - at;
    if (data < 0 || array[end - 2] != '"' || array[end - 1] != '}') {
      throw new IOException("not a line of a journal: it is cut off");
    }
    try {
      ByteBuffer bytes = Base64.getDecoder().decode(ByteBuffer.wrap(array, at, data));
      return new Journal.Line(
          time,
          new HttpEvent.Body(
              exchange, side, Bytes.view(bytes.array(), 0, bytes.remaining()), plain));
    } catch (IllegalArgumentException e) {
      throw new IOException("not a line of a journal: " + e.getMessage(), e);
    }
  }
}
