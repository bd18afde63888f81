package dev.tapedeck.cli.play;

import dev.tapedeck.sandbox.posix.CallersTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal that a recording is played on. It is raw, so that keys come at once, output goes out
 * unchanged, and what the terminal answers to the recording's questions is read away and not shown.
 *
 * <pre>
 *   as it was --open--> raw --close: undone, the last answers read away--> as it was
 * </pre>
 */
public final class PlayTerminal {

  private static final Logger LOG = LoggerFactory.getLogger(PlayTerminal.class);

  /** Kept on the terminal's own stack, since the recording may change them (xterm). */
  private static final String KEEP_TITLE = "\033[22;0t";

  private static final String TITLE_BACK = "\033[23;0t";

  /** "How are you": every terminal knows it, and answers in order (ECMA-48, DSR). */
  private static final String ASK = "\033[5n";

  /** One that does not answer is waited for so long; also a long way to a terminal and back. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The recording may have asked the same question last: then another answer is on its way. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final CallersTerminal terminal;
  private final OutputStream out;
  private final KeyQueue keys;
  private volatile long heard;

  private PlayTerminal(CallersTerminal terminal, OutputStream out, KeyQueue keys) {
    this.terminal = terminal;
    this.out = out;
    this.keys = keys;
  }

  /** Takes over the terminal that is this process's standard output. */
  public static PlayTerminal open(OutputStream out, KeyQueue keys) throws IOException {
    PlayTerminal opened = new PlayTerminal(CallersTerminal.open(1), out, keys);
    opened.terminal.raw();
    opened.write(KEEP_TITLE);
    Thread.ofPlatform().daemon().name("keys").start(opened::listen);
    return opened;
  }

  private void listen() {
    TerminalInput input = new TerminalInput(keys::press);
    InputStream typed = terminal.keys();
    byte[] buffer = new byte[4096];
    try {
      for (int n = typed.read(buffer); n >= 0; n = typed.read(buffer)) {
        heard = System.nanoTime();
        input.take(buffer, n);
      }
    } catch (IOException e) {
      LOG.debug("the terminal is gone: {}", e.getMessage());
    }
    keys.quit();
  }

  /** Stops the caller's job as Ctrl-Z does, and goes on with it. */
  public void suspend() {
    try {
      drain();
      terminal.restore();
      CallersTerminal.stopJob();
      terminal.raw();
    } catch (IOException e) {
      LOG.debug("it does not go on: {}", e.getMessage());
      keys.quit();
    }
  }

  /**
   * Gives it back.
   *
   * @param undo what undoes the recording's doings
   */
  public void close(String undo) throws IOException {
    try {
      write(undo + TITLE_BACK + "\r\n");
      drain();
    } finally {
      terminal.close();
    }
  }

  /** Reads until the terminal has answered everything that it was asked. */
  private void drain() throws IOException {
    keys.forget();
    write(ASK);
    out.flush();
    long end = System.nanoTime() + PATIENCE_NANOS;
    boolean answered = false;
    try {
      while (System.nanoTime() - end < 0
          && !(answered && System.nanoTime() - heard > QUIET_NANOS)) {
        answered |= keys.next(QUIET_NANOS) == PlayKey.ANSWERED;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
