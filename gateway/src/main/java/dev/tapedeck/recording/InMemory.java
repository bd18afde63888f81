package dev.tapedeck.recording;

import java.util.concurrent.atomic.AtomicLong;

/** How much of what is recorded all sessions together may hold in memory. Safe for many threads. */
final class InMemory {

  /** A part of the heap, whatever its size. */
  static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 8;

  private static final AtomicLong HELD = new AtomicLong();

  private InMemory() {}

  /** Asks for room; false if there is none. */
  static boolean take(long bytes) {
    if (HELD.addAndGet(bytes) <= MAX_BYTES) {
      return true;
    }
    HELD.addAndGet(-bytes);
    return false;
  }

  /** Gives room back. */
  static void give(long bytes) {
    HELD.addAndGet(-bytes);
  }

  /** How much is held. */
  static long bytes() {
    return HELD.get();
  }
}
