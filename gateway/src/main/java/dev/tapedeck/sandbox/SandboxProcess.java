package dev.tapedeck.sandbox;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A running program. On a terminal there are {@link #input} and {@link #output} only, and {@link
 * #error} is at its end from the beginning.
 *
 * <p>Reads block the thread that they are called on, which must be a platform thread.
 */
public interface SandboxProcess extends AutoCloseable {

  /**
   * To the terminal or to standard input. Closing it is the end of input for pipes, and nothing on
   * a terminal.
   */
  OutputStream input();

  /** From the terminal or from standard output; at its end when nobody can write to it any more. */
  InputStream output();

  /** From standard error. */
  InputStream error();

  /** Gives the terminal a new size; nothing without one. */
  void resize(TerminalSize size) throws IOException;

  /**
   * Sends a signal to the terminal's foreground, or to the program and its children.
   *
   * @param name without the prefix, from RFC 4254, section 6.10: {@code INT}
   * @return false if there is no such signal or no such program any more
   */
  boolean signal(String name) throws IOException;

  /** Whether what is typed now can be seen. */
  Echo echo();

  /** Waits until the program has ended. Its output may still hold something. */
  ExitStatus await() throws InterruptedException;

  /** Ends the program and what it started, if it has not ended, and lets go of its streams. */
  @Override
  void close();

  /** What a terminal does with what is typed. */
  enum Echo {
    /** It is shown, or the program handles keys itself. Also where there is no terminal. */
    SHOWN,
    /** Canonical mode with echo off: a password prompt. */
    HIDDEN,
    /** The terminal is not ours to ask; it must be inferred from the output. */
    UNKNOWN
  }
}
