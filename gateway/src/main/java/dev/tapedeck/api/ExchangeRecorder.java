package dev.tapedeck.api;

import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way into a recording: keeps a body up to the limit, and says what is missing
 * where it is missing. For one thread.
 */
final class ExchangeRecorder {

  private static final String BEYOND = "more than api.capture_limit";

  private final CaptureQueue feed;
  private final Redaction redaction;
  private final long exchange;
  private final ApiOptions options;
  private final Consumer<@Nullable IOException> told;
  private final Map<Side, Count> counts = new EnumMap<>(Side.class);
  private long now;

  private static final class Count {
    long seen;
    long missing;
    String reason = "";
  }

  /**
   * @param told under the strict policy called once for each event, in order and on any thread:
   *     with null when it is recorded, or with why it could not be
   */
  ExchangeRecorder(
      CaptureQueue feed,
      Redaction redaction,
      ApiOptions options,
      Consumer<@Nullable IOException> told) {
    this.feed = feed;
    this.redaction = redaction;
    this.exchange = feed.nextExchange();
    this.options = options;
    this.told = told;
    counts.put(Side.REQUEST, new Count());
    counts.put(Side.RESPONSE, new Count());
  }

  long exchange() {
    return exchange;
  }

  /**
   * Takes the next event.
   *
   * @param at when it happened, by {@link System#nanoTime}
   */
  void record(HttpEvent event, long at) {
    now = at;
    switch (event) {
      case HttpEvent.Body body -> body(body);
      case HttpEvent.BodyEnded ended -> {
        sayMissing(ended.side(), count(ended.side()));
        add(event);
      }
      case HttpEvent.Finished _ -> {
        counts.forEach(this::sayMissing);
        add(event);
      }
      case HttpEvent.Requested _,
          HttpEvent.Connected _,
          HttpEvent.Interim _,
          HttpEvent.Answered _,
          HttpEvent.Trailers _,
          HttpEvent.Missing _ ->
          add(event);
    }
  }

  private void body(HttpEvent.Body body) {
    Count count = count(body.side());
    int length = body.data().length();
    int kept = Math.clamp(options.captureBytes() - count.seen, 0, length);
    count.seen += length;
    if (kept > 0) {
      keep(count, kept < length ? part(body, kept) : body);
    } else if (options.strict()) {
      told.accept(null);
    }
    if (kept < length) {
      lose(count, length - kept, BEYOND);
    }
  }

  private static HttpEvent.Body part(HttpEvent.Body body, int length) {
    Bytes data = body.data();
    return new HttpEvent.Body(
        body.exchange(),
        body.side(),
        Bytes.view(data.array(), data.offset(), length),
        body.plain());
  }

  private void keep(Count count, HttpEvent.Body body) {
    if (options.strict()) {
      add(body);
      return;
    }
    sayMissing(body.side(), count);
    if (!feed.offer(redaction, body, now)) {
      lose(count, body.data().length(), "the recorder did not keep up");
    }
  }

  private static void lose(Count count, long bytes, String reason) {
    count.missing += bytes;
    count.reason = reason;
  }

  private void sayMissing(Side side, Count count) {
    if (count.missing > 0) {
      feed.add(
          redaction,
          new HttpEvent.Missing(
              exchange, side, count.missing, count.reason, !count.reason.equals(BEYOND)),
          now);
      count.missing = 0;
    }
  }

  private Count count(Side side) {
    Count count = counts.get(side);
    if (count == null) {
      throw new IllegalStateException("no such side: " + side);
    }
    return count;
  }

  private void add(HttpEvent event) {
    if (options.strict()) {
      feed.add(redaction, event, now, told);
    } else {
      feed.add(redaction, event, now);
    }
  }
}
