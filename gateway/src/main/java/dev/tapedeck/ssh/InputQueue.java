package dev.tapedeck.ssh;

import dev.tapedeck.pump.Pump;
import java.io.IOException;

/**
 * What the client has sent and the sandbox has not yet taken: a ring of bytes.
 *
 * <p>It needs no limit of its own: the client may send no more than the channel's window, which is
 * widened only by what was taken out of here. It grows to as much as a client was ever ahead, and
 * so makes no garbage of what passes: chunks of their own outlived the young generation, two
 * megabytes at a time.
 */
final class InputQueue implements Pump.Source {

  /** Enough for what somebody types; a power of two like every later size. */
  static final int FIRST_BYTES = 4096;

  private byte[] ring = new byte[FIRST_BYTES];

  /** Where the first byte lies. */
  private int head;

  private int count;
  private boolean ended;

  /** Adds a copy of the bytes; nothing after the end. */
  synchronized void put(byte[] array, int offset, int length) {
    if (ended || length == 0) {
      return;
    }
    if (length > ring.length - count) {
      grow(Math.addExact(count, length));
    }
    int tail = (head + count) & (ring.length - 1);
    int first = Math.min(length, ring.length - tail);
    System.arraycopy(array, offset, ring, tail, first);
    System.arraycopy(array, offset + first, ring, 0, length - first);
    count += length;
    notifyAll();
  }

  private void grow(int needed) {
    byte[] larger = new byte[Math.max(2 * ring.length, Integer.highestOneBit(needed - 1) << 1)];
    int had = count;
    take(larger, 0, had);
    ring = larger;
    head = 0;
    count = had;
  }

  /** No more will come; what is there can still be read. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits for bytes and takes as many as there are and fit; -1 at the end. */
  @Override
  public synchronized int read(byte[] buffer) throws IOException {
    while (count == 0 && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the client", e);
      }
    }
    int taken = Math.min(buffer.length, count);
    take(buffer, 0, taken);
    return taken == 0 ? -1 : taken;
  }

  private void take(byte[] into, int offset, int length) {
    int first = Math.min(length, ring.length - head);
    System.arraycopy(ring, head, into, offset, first);
    System.arraycopy(ring, 0, into, offset + first, length - first);
    head = (head + length) & (ring.length - 1);
    count -= length;
  }
}
