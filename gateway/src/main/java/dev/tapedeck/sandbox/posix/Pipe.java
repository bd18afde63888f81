package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The two ends of a new pipe(7), as numbers that the caller must close or give away. */
record Pipe(int reading, int writing) {

  /**
   * What a pipe may hold, where the system allows it: the default of 64 KiB makes a bulk transfer
   * wait for the scheduler twice as often.
   */
  private static final int WANTED_BYTES = 256 * 1024;

  static Pipe open() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      Errors.check("cannot make a pipe", Libc.pipe2(ends, Libc.O_CLOEXEC));
      Pipe pipe = new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
      int setPipeSize = 1031; // F_SETPIPE_SZ; refused only past a limit, and then 64 KiB must do
      Libc.fcntl(pipe.reading, setPipeSize, WANTED_BYTES);
      return pipe;
    }
  }
}
