package dev.tapedeck.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * What there is for all sandboxes together: the machine's, or what the gateway's own container may
 * use of it.
 *
 * @param processes how many processes and threads the kernel numbers
 */
record Machine(int processors, long memoryBytes, int processes) {

  private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+([0-9]+) kB");

  private static final int MAX_NUMBER_BYTES = 64;

  static Machine here() {
    long memory =
        LongStream.of(
                total(),
                number("/sys/fs/cgroup/memory.max"),
                number("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
            .min()
            .orElseThrow();
    int processes = (int) Math.min(Integer.MAX_VALUE, number("/proc/sys/kernel/pid_max"));
    return new Machine(Runtime.getRuntime().availableProcessors(), memory, processes);
  }

  private static long total() {
    try {
      Matcher total = TOTAL.matcher(Files.readString(Path.of("/proc/meminfo")));
      return total.find() ? Long.parseLong(total.group(1)) * 1024 : Long.MAX_VALUE;
    } catch (IOException _) {
      return Long.MAX_VALUE; // not Linux: no engine that needs it works there
    }
  }

  /** What a file of the kernel's says; no limit where it is not there or says "max". */
  private static long number(String file) {
    // In one read: of a file below /proc/sys, the kernel gives a second one nothing.
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      String text = new String(in.readNBytes(MAX_NUMBER_BYTES), StandardCharsets.US_ASCII).strip();
      return text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : Long.MAX_VALUE;
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }
}
