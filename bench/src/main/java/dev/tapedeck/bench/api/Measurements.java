package dev.tapedeck.bench.api;

import dev.tapedeck.bench.process.Median;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** What is measured of a gateway, from the client's side. */
final class Measurements {

  private static final double MEGA = 1e6;

  private static final int REQUEST_BYTES = 1024;

  /** Of each stream, so many events come before any are counted. */
  private static final int SKIPPED_EVENTS = 10;

  private static final int CONNECTIONS = 64;
  private static final long REQUESTS_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final int BULK_PAD = 300;

  private Measurements() {}

  /**
   * Microseconds from the upstream's write of an event to the client's read of it, the median.
   *
   * @param streams how many at once, their events evenly spread over the time
   * @param gapMicros from one event of a stream to its next
   */
  static double eventMicros(Gateway gateway, int streams, int events, int gapMicros)
      throws IOException, InterruptedException {
    List<EventClock> clocks =
        atOnce(
            streams,
            stream -> {
              Ask ask =
                  new Ask(
                      stream, events, gapMicros, (int) ((long) gapMicros * stream / streams), 0);
              return stream(gateway, ask);
            });
    return Median.of(
        clocks.stream().flatMapToDouble(c -> Arrays.stream(c.micros(SKIPPED_EVENTS))).toArray());
  }

  /** Takes one stream whole. */
  static EventClock stream(Gateway gateway, Ask ask) throws IOException {
    EventClock clock = new EventClock(ask.events());
    try (Client client = new Client(gateway.port())) {
      client.ask(Client.request(ask, REQUEST_BYTES), clock);
    }
    if (clock.seen() != ask.events()) {
      throw new IOException(
          gateway.name() + ": " + clock.seen() + " of " + ask.events() + " events came");
    }
    return clock;
  }

  /** Small requests per second over connections that are kept. */
  static double requestsPerSecond(Gateway gateway) throws IOException, InterruptedException {
    byte[] request = Client.request(Ask.SMALL, REQUEST_BYTES);
    LongAdder count = new LongAdder();
    long began = System.nanoTime();
    atOnce(
        CONNECTIONS,
        _ -> {
          try (Client client = new Client(gateway.port())) {
            while (System.nanoTime() - began < REQUESTS_NANOS) {
              client.ask(request, (_, _, _, _) -> {});
              count.increment();
            }
          }
          return count;
        });
    return count.sum() / seconds(began);
  }

  /** MB/s of one stream that comes as fast as it can. */
  static double megabytesPerSecond(Gateway gateway, long bytes) throws IOException {
    int event = 150 + BULK_PAD;
    byte[] request =
        Client.request(new Ask(0, (int) (bytes / event), 0, 0, BULK_PAD), REQUEST_BYTES);
    try (Client client = new Client(gateway.port())) {
      long began = System.nanoTime();
      long came = client.ask(request, (_, _, _, _) -> {});
      if (came < bytes * 0.9) {
        throw new IOException(gateway.name() + ": " + came + " of " + bytes + " bytes came");
      }
      return came / MEGA / seconds(began);
    }
  }

  /** Something done by one of many. */
  @FunctionalInterface
  interface Part<T> {
    T of(int number) throws IOException;
  }

  /** Does all parts at the same time, each on a thread. */
  static <T> List<T> atOnce(int parts, Part<T> part) throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(parts)) {
      List<Callable<T>> calls =
          IntStream.range(0, parts).<Callable<T>>mapToObj(i -> () -> part.of(i)).toList();
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause() == null ? e.toString() : e.getCause().toString(), e);
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
