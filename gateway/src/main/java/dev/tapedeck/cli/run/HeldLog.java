package dev.tapedeck.cli.run;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Keeps what would go to standard error from a screen that belongs to a program, and prints it when
 * the screen is free again. A log that is longer than what is kept loses its end.
 */
final class HeldLog implements AutoCloseable {

  /** More than this is not kept. */
  private static final int MAX_BYTES = 64 << 10;

  private final PrintStream former;
  private final Kept kept;
  private boolean closed;

  private HeldLog(PrintStream former, Kept kept) {
    this.former = former;
    this.kept = kept;
  }

  static HeldLog hold() {
    Kept kept = new Kept();
    HeldLog held = new HeldLog(System.err, kept);
    System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
    return held;
  }

  private static final class Kept extends ByteArrayOutputStream {
    @Override
    public synchronized void write(int b) {
      if (count < MAX_BYTES) {
        super.write(b);
      }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, Math.clamp(MAX_BYTES - count, 0, length));
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    System.setErr(former);
    former.writeBytes(kept.toByteArray());
    former.flush();
  }
}
