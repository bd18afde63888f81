package dev.tapedeck.sandbox.posix;

import java.io.IOException;
import java.util.Map;

/** What Linux's error numbers mean, for messages to people. The numbers are asm-generic's. */
final class Errors {

  private static final Map<Integer, String> TEXTS =
      Map.ofEntries(
          Map.entry(1, "operation not permitted"),
          Map.entry(2, "no such file"),
          Map.entry(3, "no such process"),
          Map.entry(Libc.EIO, "input/output error"),
          Map.entry(7, "arguments and environment are too long"),
          Map.entry(Libc.EAGAIN, "a limit on processes is reached"),
          Map.entry(12, "out of memory"),
          Map.entry(13, "permission denied"),
          Map.entry(22, "invalid argument"),
          Map.entry(23, "too many open files on this machine"),
          Map.entry(24, "too many open files in this process"),
          Map.entry(25, "not a terminal"),
          Map.entry(28, "no space left (or no more terminals)"),
          Map.entry(32, "nobody reads it any more"),
          Map.entry(38, "this kernel does not have the call"));

  private Errors() {}

  /** The exception for what a {@link Libc} call returned: minus the error number. */
  static IOException of(String what, long returned) {
    int number = (int) -returned;
    return new IOException(
        what + ": " + TEXTS.getOrDefault(number, "error") + " (errno " + number + ")");
  }

  /** The result itself if it is none of an error. */
  static int check(String what, int returned) throws IOException {
    if (returned < 0) {
      throw of(what, returned);
    }
    return returned;
  }
}
