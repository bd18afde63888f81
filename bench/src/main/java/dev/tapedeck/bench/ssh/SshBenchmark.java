package dev.tapedeck.bench.ssh;

import dev.tapedeck.bench.process.Median;
import dev.tapedeck.bench.process.Memory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The gateway against sshd in one run, in turns: for each figure the median of both and their
 * ratio.
 *
 * <p>Arguments: the path of the launcher, how many rounds (default 5).
 */
public final class SshBenchmark {

  private static final long OUTPUT_BYTES = 200_000_000;
  private static final long TERMINAL_BYTES = 30_000_000;
  private static final int IDLE_SESSIONS = 200;

  /** The gateway is warm when two rounds in a row differ by no more than this part. */
  private static final double STEADY = 0.1;

  /** A machine that is too noisy ever to look steady is taken as it is after so many rounds. */
  private static final int MAX_WARM_UPS = 8;

  private final Measurements measurements;
  private final Server tapedeck;
  private final Server sshd;
  private final Path home;
  private final int rounds;
  private final PrintStream print;

  private SshBenchmark(Path home, Server tapedeck, Server sshd, int rounds, PrintStream print) {
    this.home = home;
    this.measurements = new Measurements(home);
    this.tapedeck = tapedeck;
    this.sshd = sshd;
    this.rounds = rounds;
    this.print = print;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path launcher = Path.of(arguments[0]).toAbsolutePath();
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    Path home = Files.createTempDirectory("tapedeck-bench");
    Server.run(
        home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home.resolve("key").toString());
    Path publicKey = home.resolve("key.pub");
    try (Server sshd = Server.sshd(home, publicKey);
        Server tapedeck = Server.tapedeck(home, publicKey, launcher)) {
      new SshBenchmark(home, tapedeck, sshd, rounds, System.out).run();
    } finally {
      delete(home);
    }
  }

  private interface Figure {
    double of(Server server) throws IOException, InterruptedException;
  }

  private void run() throws IOException, InterruptedException {
    print.printf(
        "%-24s %10s %10s %7s %10s %9s%n",
        "median of " + rounds, "tapedeck", "sshd", "ratio", "first", "warm-ups");
    compare("prompt, ms", measurements::prompt);
    compare("key echo p50, us", measurements::keystroke);
    compare("exec output, MB/s", server -> measurements.bulkOutput(server, OUTPUT_BYTES));
    compare("terminal output, MB/s", server -> measurements.terminalOutput(server, TERMINAL_BYTES));
    Path text = measurements.logText(OUTPUT_BYTES);
    compare("exec input, MB/s", server -> measurements.bulkInput(server, text));
    size();
    idle();
  }

  /**
   * Warms up, then measures both in turns. The gateway's very first round is shown too: it is what
   * a gateway gives that has just started.
   */
  private void compare(String name, Figure figure) throws IOException, InterruptedException {
    double first = figure.of(tapedeck);
    figure.of(sshd);
    int warmUps = 1;
    double before = first;
    for (boolean steady = false; !steady && warmUps < MAX_WARM_UPS; warmUps++) {
      double now = figure.of(tapedeck);
      steady = Math.abs(now - before) <= STEADY * before;
      before = now;
    }
    double[] ours = new double[rounds];
    double[] theirs = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ours[i] = figure.of(tapedeck);
      theirs[i] = figure.of(sshd);
    }
    double our = Median.of(ours);
    double their = Median.of(theirs);
    print.printf(
        "%-24s %10.1f %10.1f %7.2f %10.1f %9d%n", name, our, their, our / their, first, warmUps);
  }

  /** The largest cast against the bytes that it holds: what bulk output recorded. */
  private void size() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      Path cast =
          files
              .filter(file -> file.toString().endsWith(".cast"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      print.printf(
          "%-24s %10.3f%n", "recorded/log bytes", Files.size(cast) / (double) OUTPUT_BYTES);
    }
  }

  /** What sessions that do nothing cost: the gateway's and the sandboxes' own memory. */
  private void idle() throws IOException, InterruptedException {
    double before = Memory.megabytes(tapedeck.process().pid());
    List<Process> clients = new ArrayList<>();
    try {
      for (int i = 0; i < IDLE_SESSIONS; i++) {
        Process client =
            measurements.start(tapedeck.ssh(home, List.of("-tt"), "echo ready; exec sleep 1000"));
        clients.add(client);
        if (client.getInputStream().read() < 0) {
          throw new IOException("idle session " + i + " did not begin");
        }
      }
      double after = Memory.megabytes(tapedeck.process().pid());
      print.printf("%-24s %10.2f%n", "MB per idle session", (after - before) / IDLE_SESSIONS);
    } finally {
      clients.forEach(Process::destroy);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
