package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.sandbox.posix.Signals;
import java.util.Set;

/**
 * What an exec's exit code stands for. The engine tells 128+n both for a program that signal n
 * ended and for one that exited with that code, and nothing else tells them apart.
 *
 * <p>A signal that we sent ourselves is believed. All others are codes, and so is a death by the
 * kernel's memory limit: 128+n is what a shell makes of a signal, but a client that is told of one
 * where there was none shows 255 in the place of the code that the program chose.
 */
final class ExitRule {

  private static final int SIGNAL_BASE = 128;

  private ExitRule() {}

  /**
   * @param code from 0 to 255
   * @param sent numbers of the signals that were sent to the program through us
   */
  static ExitStatus of(int code, Set<Integer> sent) {
    int number = code - SIGNAL_BASE;
    return sent.contains(number)
        ? new ExitStatus.Signalled(Signals.name(number), number)
        : new ExitStatus.Code(code);
  }
}
