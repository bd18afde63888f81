package dev.tapedeck.cli.commands;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A bar on standard error, where that is a terminal; nothing anywhere else. */
final class Progress implements AutoCloseable {

  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Console console;
  private final String what;
  private final long total;
  private long drawn;

  /**
   * @param what is counted: {@code sessions}
   */
  Progress(Console console, String what, long total) {
    this.console = console;
    this.what = what;
    this.total = total;
    this.drawn = System.nanoTime() - REDRAW_NANOS;
  }

  void at(long done) {
    long now = System.nanoTime();
    if (!console.errIsTerminal() || (now - drawn < REDRAW_NANOS && done < total)) {
      return;
    }
    drawn = now;
    int full = total == 0 ? WIDTH : (int) Math.min(WIDTH, WIDTH * done / total);
    console
        .errWriter()
        .printf(
            Locale.ROOT,
            "\r\033[K[%s%s] %d of %d %s",
            "#".repeat(full),
            ".".repeat(WIDTH - full),
            done,
            total,
            what);
    console.errWriter().flush();
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (console.errIsTerminal()) {
      console.errWriter().print("\r\033[K");
      console.errWriter().flush();
    }
  }
}
