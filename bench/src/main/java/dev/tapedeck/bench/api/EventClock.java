package dev.tapedeck.bench.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the stamps of one stream's events, and checks that none is missing. For one thread. */
final class EventClock implements Client.Sink {

  private static final byte[] BEFORE =
      "\"text_delta\",\"text\":\"".getBytes(StandardCharsets.US_ASCII);

  private final double[] micros;
  private final StringBuilder stamp = new StringBuilder();
  private int matched;
  private boolean inStamp;
  private int seen;

  /**
   * @param events how many will come
   */
  EventClock(int events) {
    micros = new double[events];
  }

  @Override
  public void take(byte[] array, int from, int to, long at) throws IOException {
    for (int i = from; i < to; i++) {
      byte c = array[i];
      if (inStamp) {
        if (c == ' ') {
          stamped(at);
        } else {
          stamp.append((char) c);
        }
      } else if (c == BEFORE[matched]) {
        matched++;
        inStamp = matched == BEFORE.length;
      } else {
        matched = c == BEFORE[0] ? 1 : 0;
      }
    }
  }

  private void stamped(long at) throws IOException {
    String[] parts = stamp.toString().split("\\.", -1);
    if (Integer.parseInt(parts[1]) != seen) {
      throw new IOException("event " + parts[1] + " came in place of " + seen);
    }
    micros[seen++] = (at - Long.parseLong(parts[2])) / 1e3;
    stamp.setLength(0);
    matched = 0;
    inStamp = false;
  }

  /** How many events came. */
  int seen() {
    return seen;
  }

  /** Microseconds from the upstream's write to the client's read, of those after the first ones. */
  double[] micros(int skip) {
    return Arrays.copyOfRange(micros, Math.min(skip, seen), seen);
  }
}
