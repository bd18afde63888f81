package dev.tapedeck.api;

import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.session.Lane;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
 * says so in the recording.
 */
final class Feed {

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** How long {@link #finish} waits for what is queued: as long as a disk may take to come back. */
  private static final long FINISH_SECONDS = 10;

  /** When so much waits, it waits no longer. */
  private static final long MANY_BYTES = 256 * 1024;

  private final Lane lane;
  private final Batches batches;
  private final Opening opening;
  private final long queueBytes;
  private final AtomicBoolean called = new AtomicBoolean();
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong exchanges = new AtomicLong();
  private @Nullable Track track;
  private @Nullable IOException failure;

  /** Starts or finds the session; called once, on the lane. */
  @FunctionalInterface
  interface Opening {
    Session open() throws IOException;
  }

  Feed(Executor threads, Batches batches, Opening opening, long queueBytes) {
    this.lane = new Lane(threads);
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
    if (waiting > queueBytes) {
      queued.addAndGet(-length);
      return false;
    }
    queue(() -> {
      emit(redaction, body, at);
      queued.addAndGet(-length);
    });
    if (waiting > MANY_BYTES) {
      lane.wake();
    }
    return true;
  }

  /** Queues anything. */
  void add(Redaction redaction, HttpEvent event, long at) {
    queue(() -> emit(redaction, event, at));
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
