package dev.tapedeck.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What processes take of the machine's memory: their proportional set size, as proc(5) has it. */
public final class Memory {

  private static final double KIBI_IN_MEGA = 1024 / 1e6;

  private Memory() {}

  /** MB of a process and all below it; those that end meanwhile do not count. */
  public static double megabytes(long pid) throws IOException {
    long sum = kibibytes(pid);
    for (ProcessHandle below :
        ProcessHandle.of(pid).map(ProcessHandle::descendants).orElseGet(Stream::empty).toList()) {
      sum += kibibytes(below.pid());
    }
    return sum * KIBI_IN_MEGA;
  }

  private static long kibibytes(long pid) throws IOException {
    Path file = Path.of("/proc", Long.toString(pid), "smaps_rollup");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      if (Files.exists(file.resolveSibling(""))) {
        throw e;
      }
      return 0;
    }
  }
}
