package dev.tapedeck.storage;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * A tape whose disk misbehaves as told: fails from a byte on, fails until told otherwise, or hangs.
 * What it takes goes to a real tape.
 */
public final class FaultyTape implements AppendFile {

  private final AppendFile real;
  private volatile long failAt = Long.MAX_VALUE;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public FaultyTape(AppendFile real) {
    this.real = real;
  }

  /** Appends that would pass {@code bytes} fail, after nothing of them is written. */
  public void failAt(long bytes) {
    failAt = bytes;
  }

  /** From now on everything is taken. */
  public void heal() {
    failAt = Long.MAX_VALUE;
  }

  /** Appends wait from now on until {@link #resume}. */
  public void hang() {
    gate = new CountDownLatch(1);
  }

  public void resume() {
    gate.countDown();
  }

  @Override
  public void append(byte[] buffer, int offset, int length) throws IOException {
    take(real.length() + length);
    real.append(buffer, offset, length);
  }

  @Override
  public void replaceEnd(long position, byte[] fresh, byte[] old) throws IOException {
    take(position + fresh.length);
    real.replaceEnd(position, fresh, old);
  }

  private void take(long length) throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("cannot write: interrupted", e);
    }
    if (length > failAt) {
      throw new IOException("cannot write: the disk fails at byte " + failAt);
    }
  }

  @Override
  public long length() {
    return real.length();
  }

  @Override
  public void seal() throws IOException {
    real.seal();
  }

  @Override
  public void close() throws IOException {
    real.close();
  }
}
