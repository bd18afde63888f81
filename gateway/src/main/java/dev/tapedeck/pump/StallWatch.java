package dev.tapedeck.pump;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a disk that hangs from stopping the threads that carry bytes.
 *
 * <p>A write to a file can hang for as long as the disk likes, and nothing can call the thread
 * back. So a thread that is about to record takes a lease; when it is still in there after the
 * limit, another thread is started to carry on where it stopped, and the first one finds, when the
 * disk lets it go, that its place is taken:
 *
 * <pre>
 *   FREE --enter--> since --leave--> FREE            the usual way, without a lock
 *                     |
 *                     +--limit passed--> TAKEN       {@link Lease#leave} says false; the stand-in goes on
 * </pre>
 */
public final class StallWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

  private static final long FREE = 0;
  private static final long TAKEN = -1;

  /** How often leases are looked at: a stall may last this much longer than the limit. */
  private static final Duration TICK = Duration.ofMillis(25);

  private final long limitNanos;
  private final ThreadFactory threads;
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private volatile boolean closed;

  public StallWatch(Duration limit) {
    this(limit, Thread.ofPlatform().name("stand-in").daemon().factory());
  }

  StallWatch(Duration limit, ThreadFactory threads) {
    this.limitNanos = limit.toNanos();
    this.threads = threads;
    this.watcher = Thread.ofPlatform().name("stall-watch").daemon().start(this::watch);
  }

  /**
   * A lease for a thread that records again and again.
   *
   * @param standIn run on a thread of its own, at most once, in place of the thread that hangs
   */
  public Lease lease(Runnable standIn) {
    Lease lease = new Lease(standIn);
    leases.add(lease);
    return lease;
  }

  private void watch() {
    while (!closed) {
      long now = clock();
      for (Lease lease : leases) {
        try {
          lease.check(now);
        } catch (RuntimeException | Error e) {
          // No thread could be had, say: the next look tries again, and the others have their turn.
          LOG.error("A thread whose recording hangs has no stand-in yet", e);
        }
      }
      LockSupport.parkNanos(TICK.toNanos());
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watcher);
  }

  /** Nanoseconds, never {@link #FREE} nor {@link #TAKEN}. */
  private static long clock() {
    return (System.nanoTime() & Long.MAX_VALUE) | 1;
  }

  /** One thread's leave to record; used by that thread alone. */
  public final class Lease implements AutoCloseable {

    private final Runnable standIn;
    private final AtomicLong since = new AtomicLong(FREE);

    /** The entering that a stand-in was started for; the watcher's alone. */
    private long seen = FREE;

    private Lease(Runnable standIn) {
      this.standIn = standIn;
    }

    /** From now on the clock runs. */
    public void enter() {
      since.set(clock());
    }

    /** Whether the calling thread still has its place; if not it must end. */
    public boolean leave() {
      long began = since.get();
      return began != TAKEN && since.compareAndSet(began, FREE);
    }

    private void check(long now) {
      long began = since.get();
      if (began == FREE || began == TAKEN || began == seen || now - began < limitNanos) {
        return;
      }
      // The place is taken by who stands in, so that nobody gives it up to a thread that is not.
      threads.newThread(() -> takeOver(began)).start();
      seen = began;
    }

    private void takeOver(long began) {
      if (since.compareAndSet(began, TAKEN)) {
        leases.remove(this);
        standIn.run();
      }
    }

    @Override
    public void close() {
      leases.remove(this);
    }
  }
}
