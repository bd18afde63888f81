package dev.tapedeck.api;

import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.session.SerialExecutor;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what passes on event loops to one session's API track: in order, redacted, on a thread
 * that may wait for a disk. Safe for use by many threads.
 *
 * <p>What waits is bounded: {@link #offer} takes no body that would not fit, and whoever offered it
 * says so in the recording. An exchange that begins when there is no room at all is not recorded,
 * but counted.
 */
final class CaptureQueue {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureQueue.class);

  /** How long {@link #finish} waits for what is queued: as long as a disk may take to come back. */
  private static final long FINISH_SECONDS = 10;

  /** When so much waits, it waits no longer. */
  private static final long MANY_BYTES = 256 * 1024;

  /** What waits for the recorders of all sessions together. */
  static final long MAX_ALL_BYTES = Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 5 * 2);

  private static final AtomicLong ALL = new AtomicLong();

  /** What an event that is no body is taken to weigh. */
  private static final long EVENT_BYTES = 2 * 1024;

  /** Beside bodies there is room for so much of other events. */
  private static final long MAX_EVENTS_BYTES = 1 << 20;

  private final SerialExecutor lane;
  private final Coalescer batches;
  private final Opening opening;
  private final long queueBytes;
  private final AtomicBoolean called = new AtomicBoolean();
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong exchanges = new AtomicLong();

  /** Exchanges that are not recorded, as long as they last, and how many that is not said of. */
  private final Set<Long> passing = ConcurrentHashMap.newKeySet();

  private final AtomicLong unrecorded = new AtomicLong();
  private @Nullable Track track;
  private @Nullable IOException failure;

  /** Starts or finds the session; called once, on the lane. */
  @FunctionalInterface
  interface Opening {
    Session open() throws IOException;
  }

  CaptureQueue(Executor threads, Coalescer batches, Opening opening, long queueBytes) {
    this.lane = new SerialExecutor(threads);
    this.batches = batches;
    this.opening = opening;
    this.queueBytes = queueBytes;
  }

  /** A number for a new exchange. */
  long nextExchange() {
    return exchanges.incrementAndGet();
  }

  /**
   * Queues a body's bytes, unless too many wait already.
   *
   * @param at when they came, by {@link System#nanoTime}
   * @return false if they were not taken
   */
  boolean offer(Redaction redaction, HttpEvent.Body body, long at) {
    long length = body.data().length();
    long waiting = queued.addAndGet(length);
    if (ALL.addAndGet(length) > MAX_ALL_BYTES
        || waiting > queueBytes
        || passing.contains(body.exchange())) {
      release(length);
      return false;
    }
    queue(() -> {
      emit(redaction, body, at);
      release(length);
    });
    if (waiting > MANY_BYTES) {
      lane.wake();
    }
    return true;
  }

  private void release(long length) {
    queued.addAndGet(-length);
    ALL.addAndGet(-length);
  }

  /** Queues anything, unless its exchange is not recorded. */
  void add(Redaction redaction, HttpEvent event, long at) {
    if (passes(event, at)) {
      return;
    }
    events.addAndGet(EVENT_BYTES);
    ALL.addAndGet(EVENT_BYTES);
    queue(() -> {
      emit(redaction, event, at);
      events.addAndGet(-EVENT_BYTES);
      ALL.addAndGet(-EVENT_BYTES);
    });
  }

  private boolean passes(HttpEvent event, long at) {
    if (event instanceof HttpEvent.Requested
        && (events.get() > MAX_EVENTS_BYTES || ALL.get() > MAX_ALL_BYTES + MAX_EVENTS_BYTES)) {
      passing.add(event.exchange());
      if (unrecorded.getAndIncrement() == 0) {
        queue(() -> {
          String reason = unrecorded.getAndSet(0) + " exchanges: the recorder did not keep up";
          emitAsIs(new HttpEvent.Missing(event.exchange(), Side.REQUEST, 0, reason, true), at);
        });
      }
      return true;
    }
    return event instanceof HttpEvent.Finished
        ? passing.remove(event.exchange())
        : passing.contains(event.exchange());
  }

  private void emitAsIs(HttpEvent event, long at) {
    try {
      track(at).emit(event, at);
    } catch (IOException e) {
      LOG.warn("Exchanges are not recorded: {}", e.getMessage());
    }
  }

  private void queue(Runnable task) {
    if (lane.add(task) && called.compareAndSet(false, true)) {
      batches.soon(() -> {
        called.set(false);
        lane.wake();
      });
    }
  }

  /**
   * Queues anything, and says when it is recorded.
   *
   * @param then given null, or why it could not be recorded; called on the feed's thread
   */
  void add(Redaction redaction, HttpEvent event, long at, Consumer<@Nullable IOException> then) {
    lane.execute(() -> then.accept(emit(redaction, event, at)));
  }

  private @Nullable IOException emit(Redaction redaction, HttpEvent event, long at) {
    try {
      Track to = track(at);
      for (HttpEvent redacted : redaction.of(event)) {
        to.emit(redacted, at);
      }
      return null;
    } catch (IOException e) {
      return e;
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("An exchange is not recorded as it should be", e);
      return new IOException("it could not be recorded: " + e.getMessage(), e);
    }
  }

  private Track track(long at) throws IOException {
    if (failure != null) {
      throw failure;
    }
    Track open = track;
    if (open == null) {
      try {
        open =
            opening
                .open()
                .open(
                    TrackType.API, new Event.TrackOpened(Instant.now(), null, null, Map.of()), at);
      } catch (IllegalStateException e) {
        // The session is over; a disk that fails is tried again with the next event.
        failure = new IOException(e.getMessage(), e);
        throw failure;
      }
      track = open;
    }
    return open;
  }

  /** Waits until what was queued before is recorded, or for {@value #FINISH_SECONDS} s. */
  void finish() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    lane.execute(() -> done.complete(null));
    try {
      done.get(FINISH_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn("Exchanges are still being recorded after {} s", FINISH_SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
