package dev.tapedeck.sandbox;

import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps some sandboxes ready, so that a session need not wait until its own is made.
 *
 * <pre>
 *   one thread:  too few? -> make one -> (failed? wait longer each time) -> check those that wait -> sleep
 *   take():      a healthy one waits? -> that one, and wake the thread
 *                none?                -> make one here, on the taker's own time
 * </pre>
 */
public final class SandboxPool implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxPool.class);

  /** How long a taker waits for its turn to make a sandbox before it is told that there is none. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  /** After a failure the pool waits, and doubles that up to the longest. */
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);

  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  /** A failing engine is reported once in so long. */
  private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

  private static final Counter HITS =
      Counter.builder()
          .name("tapedeck_sandbox_pool_hits_total")
          .help("Sessions that found a sandbox ready.")
          .labelNames("engine")
          .register();
  private static final Counter MISSES =
      Counter.builder()
          .name("tapedeck_sandbox_pool_misses_total")
          .help("Sessions for which a sandbox had to be made.")
          .labelNames("engine")
          .register();
  private static final Counter WAITS =
      Counter.builder()
          .name("tapedeck_sandbox_pool_waits_total")
          .help("Sessions that had to wait because too many sandboxes were being made at once.")
          .labelNames("engine")
          .register();
  private static final Counter FAILURES =
      Counter.builder()
          .name("tapedeck_sandbox_pool_failures_total")
          .help("Sandboxes that could not be made or died while they waited.")
          .labelNames("engine")
          .register();

  /** What happened since the start; {@code ready} is now. */
  public record Counts(long hits, long misses, long waits, long failures, int ready) {}

  private final Engine engine;
  private final PoolOptions options;
  private final @Nullable Service service;
  private final Semaphore creations;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Sandbox> ready = new ArrayDeque<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder waits = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Thread refill;
  private volatile boolean closed;
  private long nextReport = System.nanoTime();

  private SandboxPool(Engine engine, PoolOptions options, @Nullable Service service) {
    this.engine = engine;
    this.options = options;
    this.service = service;
    this.creations = new Semaphore(options.maxCreations(), true);
    this.refill = Thread.ofPlatform().name("sandbox-pool").daemon().unstarted(this::keepFilled);
  }

  /** Begins to fill a pool; the engine stays the caller's to close, after the pool. */
  public static SandboxPool start(Engine engine, PoolOptions options) {
    return start(engine, options, null);
  }

  /**
   * The same, with sandboxes that reach a service of the gateway before they are taken, so that
   * {@link Sandbox#reach} takes the taker no time. Where one does not, it is still good for the
   * rest, and {@code reach} says why.
   *
   * @param service null for none
   */
  public static SandboxPool start(Engine engine, PoolOptions options, @Nullable Service service) {
    SandboxPool pool = new SandboxPool(engine, options, service);
    pool.refill.start();
    return pool;
  }

  /**
   * A sandbox that now belongs to the caller. Where none is ready it is made on the caller's
   * thread, and nobody else waits for that.
   *
   * @throws SandboxException if the engine fails, too many are being made, or the pool is closed
   */
  public Sandbox take() throws SandboxException {
    for (Sandbox sandbox = poll(); sandbox != null; sandbox = poll()) {
      if (sandbox.healthy()) {
        count(hits, HITS);
        return sandbox;
      }
      discard(sandbox);
    }
    count(misses, MISSES);
    return make(Folders.NONE);
  }

  /** The same with folders of the host; such a sandbox is always made for its taker. */
  public Sandbox take(Folders folders) throws SandboxException {
    if (folders.isEmpty()) {
      return take();
    }
    if (closed) {
      throw ended();
    }
    count(misses, MISSES);
    return make(folders);
  }

  private static SandboxException ended() {
    return new SandboxException("the gateway takes no new sessions");
  }

  public Counts counts() {
    lock.lock();
    try {
      return new Counts(hits.sum(), misses.sum(), waits.sum(), failures.sum(), ready.size());
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Sandbox poll() throws SandboxException {
    lock.lock();
    try {
      if (closed) {
        throw ended();
      }
      Sandbox first = ready.pollFirst();
      changed.signalAll();
      return first;
    } finally {
      lock.unlock();
    }
  }

  private Sandbox make(Folders folders) throws SandboxException {
    try {
      if (!creations.tryAcquire()) {
        count(waits, WAITS);
        if (!creations.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new SandboxException(
              "more than %d sandboxes are being made at once".formatted(options.maxCreations()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while waiting for a sandbox", e);
    }
    try {
      Sandbox sandbox = engine.create(folders);
      if (service != null) {
        var _ = sandbox.reach(service);
      }
      return sandbox;
    } catch (SandboxException e) {
      count(failures, FAILURES);
      throw e;
    } finally {
      creations.release();
    }
  }

  private void keepFilled() {
    Duration backoff = FIRST_BACKOFF;
    while (!closed) {
      try {
        if (lacking()) {
          add(make(Folders.NONE));
          backoff = FIRST_BACKOFF;
        } else {
          dropUnhealthy();
          sleep(options.checkEvery(), true);
        }
      } catch (SandboxException | RuntimeException e) {
        report(e);
        sleep(backoff, false);
        Duration twice = backoff.multipliedBy(2);
        backoff = twice.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : twice;
      }
    }
  }

  private boolean lacking() {
    lock.lock();
    try {
      return !closed && ready.size() < options.size();
    } finally {
      lock.unlock();
    }
  }

  private void add(Sandbox sandbox) {
    lock.lock();
    try {
      if (!closed) {
        ready.addLast(sandbox);
        return;
      }
    } finally {
      lock.unlock();
    }
    sandbox.close();
  }

  private void dropUnhealthy() {
    List<Sandbox> waiting;
    lock.lock();
    try {
      waiting = List.copyOf(ready);
    } finally {
      lock.unlock();
    }
    for (Sandbox sandbox : waiting) {
      if (!sandbox.healthy() && remove(sandbox)) {
        discard(sandbox);
      }
    }
  }

  /** Takes one out, unless a session has meanwhile done so. */
  private boolean remove(Sandbox sandbox) {
    lock.lock();
    try {
      return ready.remove(sandbox);
    } finally {
      lock.unlock();
    }
  }

  private void discard(Sandbox sandbox) {
    count(failures, FAILURES);
    LOG.warn("sandbox {} died while it waited for a session", sandbox.id());
    // On a thread of its own: a session that takes the next one shall not wait for this one's end.
    Thread.ofPlatform().name("sandbox-discard").daemon().start(sandbox::close);
  }

  /**
   * Waits.
   *
   * @param ends whether a lack of sandboxes ends the sleep; the pool's end always does
   */
  private void sleep(Duration time, boolean ends) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !closed && !(ends && ready.size() < options.size())) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private void report(Exception e) {
    if (closed || System.nanoTime() - nextReport < 0) {
      return;
    }
    nextReport = System.nanoTime() + REPORT_EVERY.toNanos();
    LOG.warn("the engine {} makes no sandboxes at the moment: {}", engine.name(), e.getMessage());
  }

  private void count(LongAdder adder, Counter counter) {
    adder.increment();
    counter.labelValues(engine.name()).inc();
  }

  /** Closes those that nobody took; takers get an exception from now on. */
  @Override
  public void close() {
    List<Sandbox> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(ready);
      ready.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(Sandbox::close);
  }
}
