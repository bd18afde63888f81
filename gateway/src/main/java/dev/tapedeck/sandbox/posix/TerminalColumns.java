package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How wide a terminal is that this process writes to. */
public final class TerminalColumns {

  private static final long TIOCGWINSZ = 0x5413;

  private TerminalColumns() {}

  /** In cells; 0 if the descriptor is none of a terminal, or the terminal does not say. */
  public static int of(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment winsize = arena.allocate(8, 2);
      return Libc.ioctl(descriptor, TIOCGWINSZ, winsize) < 0
          ? 0
          : winsize.get(JAVA_SHORT, 2) & 0xffff;
    }
  }
}
