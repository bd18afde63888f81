package dev.tapedeck.api;

import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way into a recording: what its relay says of it, in order. For one thread.
 *
 * <p>Under the best-effort policy bytes go on first and are then queued; under the strict one they
 * go on when they are recorded, on the exchange's own thread.
 */
final class Tap {

  private static final String BEYOND = "more than api.capture_limit";

  private final Feed feed;
  private final Redaction redaction;
  private final long exchange;
  private final ApiOptions options;
  private final Consumer<Runnable> loop;
  private final Consumer<IOException> failed;
  private final Map<Side, Count> counts = new EnumMap<>(Side.class);
  private boolean finished;

  private static final class Count {
    long seen;
    long missing;
    String reason = "";
    boolean ended;
  }

  /**
   * @param loop runs something on the exchange's thread
   * @param failed told on that thread that nothing may pass any more, since it is not recorded
   */
  Tap(
      Feed feed,
      Redaction redaction,
      ApiOptions options,
      Consumer<Runnable> loop,
      Consumer<IOException> failed) {
    this.feed = feed;
    this.redaction = redaction;
    this.exchange = feed.nextExchange();
    this.options = options;
    this.loop = loop;
    this.failed = failed;
    counts.put(Side.REQUEST, new Count());
    counts.put(Side.RESPONSE, new Count());
  }

  long exchange() {
    return exchange;
  }

  /** Something other than a body's bytes, before which {@code forward} may not run if strict. */
  void event(HttpEvent event, Runnable forward) {
    if (finished) {
      return;
    }
    if (event instanceof HttpEvent.Finished) {
      finished = true;
    }
    pass(event, forward);
  }

  /** Something that nothing waits for. */
  void event(HttpEvent event) {
    event(event, () -> {});
  }

  /** A body's bytes; {@code data} must not change afterwards. */
  void body(Side side, byte[] data, Runnable forward) {
    Count count = count(side);
    long left = options.captureBytes() - count.seen;
    count.seen += data.length;
    if (finished) {
      forward.run();
    } else if (left <= 0) {
      lose(count, data.length, BEYOND);
      forward.run();
    } else {
      int kept = (int) Math.min(left, data.length);
      HttpEvent.Body body =
          new HttpEvent.Body(exchange, side, Bytes.view(data, 0, kept), /* plain= */ false);
      if (options.strict()) {
        pass(body, forward);
      } else {
        forward.run();
        offer(side, count, body);
      }
      if (kept < data.length) {
        lose(count, data.length - kept, BEYOND);
      }
    }
  }

  private void offer(Side side, Count count, HttpEvent.Body body) {
    sayMissing(side, count);
    if (!feed.offer(redaction, body, System.nanoTime())) {
      lose(count, body.data().length(), "the recorder did not keep up");
    }
  }

  private static void lose(Count count, long bytes, String reason) {
    count.missing += bytes;
    count.reason = reason;
  }

  /** What is missing is said where it is missing. */
  private void sayMissing(Side side, Count count) {
    if (count.missing > 0) {
      feed.add(
          redaction,
          new HttpEvent.Missing(
              exchange, side, count.missing, count.reason, !count.reason.equals(BEYOND)),
          System.nanoTime());
      count.missing = 0;
    }
  }

  /** A body has passed whole. */
  void bodyEnded(Side side, Runnable forward) {
    Count count = count(side);
    sayMissing(side, count);
    if (count.ended) {
      forward.run();
    } else {
      count.ended = true;
      event(new HttpEvent.BodyEnded(exchange, side, count.seen), forward);
    }
  }

  /** The exchange is over; only the first call does something. */
  void finished(End end, @Nullable String error) {
    counts.forEach(this::sayMissing);
    event(new HttpEvent.Finished(exchange, end, error));
  }

  boolean isFinished() {
    return finished;
  }

  private Count count(Side side) {
    Count count = counts.get(side);
    if (count == null) {
      throw new IllegalStateException("no such side: " + side);
    }
    return count;
  }

  private void pass(HttpEvent event, Runnable forward) {
    long now = System.nanoTime();
    if (!options.strict()) {
      forward.run();
      feed.add(redaction, event, now);
      return;
    }
    feed.add(
        redaction,
        event,
        now,
        failure ->
            loop.accept(() -> {
              if (failure == null) {
                forward.run();
              } else {
                failed.accept(failure);
              }
            }));
  }
}
