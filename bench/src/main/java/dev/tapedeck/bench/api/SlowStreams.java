package dev.tapedeck.bench.api;

import dev.tapedeck.bench.process.Memory;
import dev.tapedeck.formats.har.HarReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A thousand streams that say something once a second: what they cost, and whether all is there.
 */
final class SlowStreams {

  private static final int STREAMS = 1_000;
  private static final int EVENTS = 10;
  private static final int GAP_MICROS = 1_000_000;

  private static final Pattern STAMP = Pattern.compile("(\\d+)\\.(\\d+)\\.\\d{6,} ");

  private SlowStreams() {}

  /** Measures a gateway that has just started, and ends it. */
  static void run(Path launcher, Path home, Gateway upstream, PrintStream print)
      throws IOException, InterruptedException {
    double idle;
    double most;
    long seen;
    try (Gateway gateway = Gateway.tapedeck(launcher, home, upstream)) {
      idle = Memory.megabytes(gateway.process().pid());
      AtomicBoolean over = new AtomicBoolean();
      double[] peak = {idle};
      Thread watch = Thread.ofPlatform().start(() -> watch(gateway, over, peak));
      seen =
          Measurements.atOnce(
                  STREAMS,
                  stream -> {
                    int first = (int) ((long) GAP_MICROS * stream / STREAMS);
                    return Measurements.stream(
                        gateway, new Ask(stream, EVENTS, GAP_MICROS, first, 0));
                  })
              .stream()
              .mapToLong(EventClock::seen)
              .sum();
      over.set(true);
      watch.join();
      most = peak[0];
    }
    print.printf(
        "%d slow streams: %d of %d events lost at the client, %d in the HAR;"
            + " %.0f MiB at most, %.0f idle%n",
        STREAMS,
        (long) STREAMS * EVENTS - seen,
        STREAMS * EVENTS,
        (long) STREAMS * EVENTS - recorded(home.resolve("data")),
        mebi(most),
        mebi(idle));
  }

  private static double mebi(double megabytes) {
    return megabytes * 1e6 / (1 << 20);
  }

  private static void watch(Gateway gateway, AtomicBoolean over, double[] peak) {
    try {
      while (!over.get()) {
        peak[0] = Math.max(peak[0], Memory.megabytes(gateway.process().pid()));
        TimeUnit.MILLISECONDS.sleep(250);
      }
    } catch (IOException e) {
      throw new IllegalStateException("its memory cannot be seen", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many different events there are in the HARs' rebuilt messages. */
  static long recorded(Path data) throws IOException {
    BitSet there = new BitSet();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path har : files.filter(file -> file.toString().endsWith(".har")).toList()) {
        try (HarReader reader = HarReader.of(Files.newInputStream(har))) {
          HarReader.Item item;
          while ((item = reader.next()) != null) {
            Matcher stamp = STAMP.matcher(item.entry().text());
            while (stamp.find()) {
              there.set(
                  Integer.parseInt(stamp.group(1)) * EVENTS + Integer.parseInt(stamp.group(2)));
            }
          }
        }
      }
    }
    return there.cardinality();
  }
}
