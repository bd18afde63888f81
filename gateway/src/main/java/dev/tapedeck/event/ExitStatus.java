package dev.tapedeck.event;

/** How a program ended. */
public sealed interface ExitStatus {

  /** By itself, with a code from 0 to 255. */
  record Code(int code) implements ExitStatus {}

  /**
   * By a signal.
   *
   * @param name without the prefix, as RFC 4254, section 6.10 names them: {@code KILL}
   * @param signal the signal's number on Linux
   */
  record Signalled(String name, int signal) implements ExitStatus {}

  /** Nobody knows: the session ended first. */
  record Unknown() implements ExitStatus {}

  /**
   * The number that a shell would show, and that asciicast's {@code x} holds: 128+n for a signal,
   * -1 if unknown.
   */
  default int number() {
    return switch (this) {
      case Code code -> code.code();
      case Signalled signalled -> 128 + signalled.signal();
      case Unknown _ -> -1;
    };
  }
}
