package dev.tapedeck.ssh;

import dev.tapedeck.pump.Pump;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What the client has sent and the sandbox has not yet taken.
 *
 * <p>It needs no limit of its own: the client may send no more than the channel's window, which is
 * widened only by what was taken out of here.
 */
final class InputQueue implements Pump.Source {

  private final Queue<byte[]> chunks = new ArrayDeque<>();

  /** How much of the first chunk was taken already. */
  private int taken;

  private boolean ended;

  /** Adds a copy of the bytes; nothing after the end. */
  synchronized void put(byte[] array, int offset, int length) {
    if (ended || length == 0) {
      return;
    }
    byte[] chunk = new byte[length];
    System.arraycopy(array, offset, chunk, 0, length);
    chunks.add(chunk);
    notifyAll();
  }

  /** No more will come; what is there can still be read. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits for bytes and takes as many as there are and fit; -1 at the end. */
  @Override
  public synchronized int read(byte[] buffer) throws IOException {
    while (chunks.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the client", e);
      }
    }
    int count = 0;
    byte[] first;
    while (count < buffer.length && (first = chunks.peek()) != null) {
      int length = Math.min(buffer.length - count, first.length - taken);
      System.arraycopy(first, taken, buffer, count, length);
      count += length;
      taken += length;
      if (taken == first.length) {
        chunks.remove();
        taken = 0;
      }
    }
    return count == 0 ? -1 : count;
  }
}
