package dev.tapedeck.bench.start;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From starting {@code ./tapedeck serve} to its ready file: the very first start, which makes host
 * keys and catalog, then starts with nothing of the program in the machine's memory, then usual
 * ones.
 *
 * <p>Arguments: the path of the launcher, how many starts of each kind (default 5).
 */
public final class StartBenchmark {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** How often the ready file is looked for: as exact as the figure can be. */
  private static final Duration TICK = Duration.ofMillis(2);

  /** Tells Linux to forget what it has read of files (proc(5)); root may. */
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private final Path launcher;
  private final Path home;
  private final PrintStream print;

  private StartBenchmark(Path launcher, Path home, PrintStream print) {
    this.launcher = launcher;
    this.home = home;
    this.print = print;
  }

  /** What a start took; the processor time is that of all threads, the compiler's among them. */
  private record Start(double millis, double processorMillis) {}

  private interface Before {
    void run() throws IOException, InterruptedException;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path launcher = Path.of(arguments[0]).toAbsolutePath();
    int starts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    Path home = Files.createTempDirectory("tapedeck-bench");
    try {
      new StartBenchmark(launcher, home, System.out).run(starts);
    } finally {
      delete(home);
    }
  }

  private void run(int starts) throws IOException, InterruptedException {
    print.printf("%-28s %12s %16s%n", "median of " + starts, "ms", "processor, ms");
    Path first = home.resolve("first");
    report("first, makes keys", starts, () -> delete(first), first);
    Path data = home.resolve("data");
    if (Files.isWritable(DROP_CACHES)) {
      report("caches dropped", starts, StartBenchmark::dropCaches, data);
    } else {
      print.println("caches dropped: only root may drop them, so this is left out");
    }
    report("usual", starts, () -> {}, data);
  }

  private void report(String name, int starts, Before before, Path data)
      throws IOException, InterruptedException {
    double[] millis = new double[starts];
    double[] processor = new double[starts];
    start(data);
    for (int i = 0; i < starts; i++) {
      before.run();
      Start start = start(data);
      millis[i] = start.millis();
      processor[i] = start.processorMillis();
    }
    print.printf("%-28s %12.0f %16.0f%n", name, median(millis), median(processor));
  }

  private Start start(Path data) throws IOException, InterruptedException {
    Path ready = home.resolve("ready.json");
    Path log = home.resolve("log");
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command(data, ready))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      while (!Files.exists(ready)) {
        if (!process.isAlive() || System.nanoTime() - began > LIMIT.toNanos()) {
          throw new IOException("tapedeck did not start: " + Files.readString(log));
        }
        TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
      }
      double millis = (System.nanoTime() - began) / 1e6;
      Duration processor = process.info().totalCpuDuration().orElse(Duration.ZERO);
      return new Start(millis, processor.toNanos() / 1e6);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private List<String> command(Path data, Path ready) {
    return List.of(
        launcher.toString(),
        "serve",
        "--ssh",
        "127.0.0.1:0",
        "--api",
        "off",
        "--web",
        "off",
        "--data",
        data.toString(),
        "--ready-file",
        ready.toString());
  }

  private static void dropCaches() throws IOException, InterruptedException {
    new ProcessBuilder("sync").start().waitFor();
    Files.writeString(DROP_CACHES, "3\n");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
