package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.sandbox.posix.Signals;
import java.util.Set;

/**
 * What an exec's exit code stands for. The engine tells 128+n both for a program that signal n
 * ended and for one that exited with that code; most who do the latter are shells that pass on how
 * their last command ended.
 *
 * <ul>
 *   <li>A signal that we sent ourselves is believed.
 *   <li>Signals that end a program against its will (the kernel's memory limit, faults) are
 *       believed: it takes a shell that passes one on, and does nothing after it, to be wrong.
 *   <li>All others are codes: a login shell that is left after Ctrl-C exits with 130 by itself, and
 *       a client that is told of a signal shows 255 instead.
 * </ul>
 */
final class ExitRule {

  private static final int SIGNAL_BASE = 128;

  private static final Set<String> AGAINST_ITS_WILL =
      Set.of("ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "SEGV", "XCPU", "XFSZ", "SYS");

  private ExitRule() {}

  /**
   * @param code from 0 to 255
   * @param sent numbers of the signals that were sent to the program through us
   */
  static ExitStatus of(int code, Set<Integer> sent) {
    int number = code - SIGNAL_BASE;
    if (number <= 0) {
      return new ExitStatus.Code(code);
    }
    String name = Signals.name(number);
    return sent.contains(number) || AGAINST_ITS_WILL.contains(name)
        ? new ExitStatus.Signalled(name, number)
        : new ExitStatus.Code(code);
  }
}
