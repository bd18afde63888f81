package dev.tapedeck.cli.run;

import java.util.List;
import org.jline.utils.Signals;

/**
 * The signals that this process gets from its terminal and from others. Those that the caller has
 * set to be ignored stay ignored, and SIGQUIT stays the JVM's.
 */
final class CallersSignals {

  private static final List<String> PASSED_ON = List.of("INT");
  private static final List<String> ENDING = List.of("TERM", "HUP");

  private CallersSignals() {}

  /** What is done about them. Each call comes on a thread of its own. */
  interface Taker {

    /** The program gets it. */
    void passOn(String signal);

    /** The program is to end, and this process with it. */
    void end(String signal);

    /** The terminal may have another size. */
    void windowChanged();
  }

  /** From now on, to the end of this process: what is being sealed then is not cut short. */
  static void giveTo(Taker taker) {
    PASSED_ON.forEach(signal -> Signals.register(signal, () -> taker.passOn(signal)));
    ENDING.forEach(signal -> Signals.register(signal, () -> taker.end(signal)));
    Signals.register("WINCH", taker::windowChanged);
  }
}
