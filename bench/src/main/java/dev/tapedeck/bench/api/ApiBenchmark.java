package dev.tapedeck.bench.api;

import dev.tapedeck.bench.process.Median;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The API gateway against others in one run, in turns: for each figure the median of each.
 *
 * <p>Arguments: the path of the launcher, how many rounds (default 5), then the figures to measure
 * (default all): {@code event}, {@code events}, {@code requests}, {@code stream}, {@code slow}.
 */
public final class ApiBenchmark {

  /** Kept whole by the default of {@code api.capture_limit}. */
  private static final long KEPT_BYTES = 60_000_000;

  private static final long BULK_BYTES = 240_000_000;

  /**
   * A gateway is warm when the median of so many rounds differs from that of as many before by no
   * more than {@link #STEADY}: a JVM on two cores compiles for half a minute.
   */
  private static final int WINDOW = 4;

  private static final double STEADY = 0.05;

  /** A machine that is too noisy ever to look steady is taken as it is after so many rounds. */
  private static final int MAX_WARM_UPS = 24;

  private final List<Gateway> gateways;
  private final int rounds;
  private final PrintStream print;

  private ApiBenchmark(List<Gateway> gateways, int rounds, PrintStream print) {
    this.gateways = gateways;
    this.rounds = rounds;
    this.print = print;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path launcher = Path.of(arguments[0]).toAbsolutePath();
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    List<String> figures =
        List.of(arguments).subList(Math.min(2, arguments.length), arguments.length);
    Path home = Files.createTempDirectory("tapedeck-bench");
    List<Gateway> gateways = new ArrayList<>();
    try {
      Gateway upstream = Gateway.direct(home);
      gateways.add(upstream);
      if (wanted(figures, "slow")) {
        SlowStreams.run(launcher, home.resolve("slow"), upstream, System.out);
      }
      gateways.add(Gateway.tapedeck(launcher, home.resolve("own"), upstream));
      if (Gateway.installed("nginx")) {
        gateways.add(Gateway.nginx(home, upstream));
      }
      if (Gateway.installed("mitmdump")) {
        gateways.add(Gateway.mitmproxy(home, upstream));
      }
      new ApiBenchmark(gateways, rounds, System.out).run(figures);
    } finally {
      gateways.reversed().forEach(Gateway::close);
      delete(home);
    }
  }

  private static boolean wanted(List<String> figures, String name) {
    return figures.isEmpty() || figures.contains(name);
  }

  private interface Figure {
    double of(Gateway gateway) throws IOException, InterruptedException;
  }

  private void run(List<String> figures) throws IOException, InterruptedException {
    print.printf("%-28s", "median of " + rounds);
    gateways.forEach(gateway -> print.printf(" %10s", gateway.name()));
    print.printf(" %16s%n", "tapedeck's first");
    if (wanted(figures, "event")) {
      compare("event at 1 stream, us", each -> Measurements.eventMicros(each, 1, 1_000, 2_000));
    }
    if (wanted(figures, "events")) {
      compare("event at 64 streams, us", each -> Measurements.eventMicros(each, 64, 150, 20_000));
    }
    if (wanted(figures, "requests")) {
      compare("requests/s at 64", Measurements::requestsPerSecond);
    }
    if (wanted(figures, "stream")) {
      compare("stream of 60 MB, MB/s", each -> Measurements.megabytesPerSecond(each, KEPT_BYTES));
      compare("stream of 240 MB, MB/s", each -> Measurements.megabytesPerSecond(each, BULK_BYTES));
    }
  }

  private void compare(String name, Figure figure) throws IOException, InterruptedException {
    double first = Double.NaN;
    for (Gateway gateway : gateways) {
      double cold = warmUp(gateway, figure);
      first = gateway.name().equals("tapedeck") ? cold : first;
    }
    double[][] values = new double[gateways.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < gateways.size(); i++) {
        values[i][round] = figure.of(gateways.get(i));
      }
    }
    print.printf("%-28s", name);
    for (double[] each : values) {
      print.printf(" %10.1f", Median.of(each));
    }
    print.printf(" %16.1f%n", first);
  }

  /** Runs it until it is steady; what the very first round gave. */
  private static double warmUp(Gateway gateway, Figure figure)
      throws IOException, InterruptedException {
    double[] values = new double[MAX_WARM_UPS];
    for (int i = 0; i < MAX_WARM_UPS; i++) {
      values[i] = figure.of(gateway);
      int now = i + 1;
      if (now >= 2 * WINDOW) {
        double before = Median.of(Arrays.copyOfRange(values, now - 2 * WINDOW, now - WINDOW));
        double after = Median.of(Arrays.copyOfRange(values, now - WINDOW, now));
        if (Math.abs(after - before) <= STEADY * before) {
          break;
        }
      }
    }
    return values[0];
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
