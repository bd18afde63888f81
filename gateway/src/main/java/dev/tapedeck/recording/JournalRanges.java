package dev.tapedeck.recording;

import java.util.Arrays;

/**
 * Where an exchange's lines lie in its journal: ranges in order, each from its first byte to behind
 * its last. There are never more than {@link #MAX_RANGES}: beyond that, neighbours become one, with
 * whatever lies between them. For one thread at a time.
 */
final class JournalRanges {

  /** More of them cost more memory than reading some lines in vain costs time. */
  static final int MAX_RANGES = 64 * 1024;

  private static final long FIRST_SLACK_BYTES = 64 * 1024;

  /** Takes a range. */
  interface Taker<E extends Exception> {
    void range(long from, long to) throws E;
  }

  private long[] bounds = {};
  private int used;

  /** Ranges that are no further from each other than this are one. */
  private long slack;

  /** Adds a range behind all others. */
  void add(long from, long to) {
    if (used > 0 && from - bounds[used - 1] <= slack) {
      bounds[used - 1] = to;
      return;
    }
    if (used == 2 * MAX_RANGES) {
      join();
      add(from, to);
      return;
    }
    if (used == bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(4, 2 * used));
    }
    bounds[used++] = from;
    bounds[used++] = to;
  }

  private void join() {
    while (used > MAX_RANGES) {
      slack = Math.max(FIRST_SLACK_BYTES, 2 * slack);
      int kept = 2;
      for (int i = 2; i < used; i += 2) {
        if (bounds[i] - bounds[kept - 1] <= slack) {
          bounds[kept - 1] = bounds[i + 1];
        } else {
          bounds[kept++] = bounds[i];
          bounds[kept++] = bounds[i + 1];
        }
      }
      used = kept;
    }
  }

  /** Behind the last of them; 0 if there is none. */
  long end() {
    return used == 0 ? 0 : bounds[used - 1];
  }

  <E extends Exception> void each(Taker<E> taker) throws E {
    for (int i = 0; i < used; i += 2) {
      taker.range(bounds[i], bounds[i + 1]);
    }
  }
}
