package dev.tapedeck.sandbox;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives connections their sandboxes: each its own, or all of one user the same.
 *
 * <pre>
 *   asked for --made--&gt; held by 1, 2, ... --last one gives it back--&gt; kept --time over--&gt; closed
 *       '--failed--&gt; all who wait are told      '------- asked for --------'
 * </pre>
 *
 * <p>Closing what was taken gives it back. What a connection started is for the connection to end;
 * what made itself independent (screen, tmux) lives as long as the sandbox.
 */
public final class Sandboxes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);

  /** Makes a sandbox for a user, or has one ready. */
  @FunctionalInterface
  public interface Source {
    Sandbox take(String user) throws SandboxException;
  }

  private final Source source;
  private final Sharing sharing;
  private final Map<String, Shared> shared = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sandbox-keep").factory());

  /** What the source makes stays the engine's to end, as this ends only what it keeps. */
  public Sandboxes(Source source, Sharing sharing) {
    this.source = source;
    this.sharing = sharing;
  }

  /** One sandbox with its holders; guarded by the map. */
  private static final class Shared {
    final CompletableFuture<Sandbox> sandbox = new CompletableFuture<>();
    int holders;
    long kept; // counts the times that it was kept, so that a late timer knows that it is late

    boolean usable() {
      return !sandbox.isDone() || (!sandbox.isCompletedExceptionally() && sandbox.join().healthy());
    }
  }

  /**
   * A sandbox for a connection of this user, to be closed when the connection ends.
   *
   * @throws SandboxException if there is none to be had
   */
  public Sandbox take(String user) throws SandboxException {
    if (sharing.per() == Sharing.Per.CONNECTION) {
      return source.take(user);
    }
    boolean first;
    Shared mine;
    synchronized (shared) {
      Shared there = shared.get(user);
      if (there != null && there.usable()) {
        first = false;
        mine = there;
      } else {
        first = true;
        mine = new Shared();
        shared.put(user, mine);
      }
      mine.holders++;
    }
    if (first) {
      make(user, mine);
    }
    try {
      return new Lease(user, mine, mine.sandbox.get());
    } catch (ExecutionException e) {
      giveBack(user, mine);
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new SandboxException(String.valueOf(cause.getMessage()), cause);
    } catch (InterruptedException e) {
      giveBack(user, mine);
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while waiting for a sandbox", e);
    }
  }

  private void make(String user, Shared mine) {
    try {
      mine.sandbox.complete(source.take(user));
    } catch (SandboxException | RuntimeException e) {
      mine.sandbox.completeExceptionally(e);
    }
  }

  private void giveBack(String user, Shared mine) {
    synchronized (shared) {
      mine.holders--;
      if (mine.holders > 0) {
        return;
      }
      if (mine.usable() && !sharing.keep().isZero() && !timer.isShutdown()) {
        mine.kept++;
        long kept = mine.kept;
        var _ =
            timer.schedule(
                () -> drop(user, mine, kept), sharing.keep().toMillis(), TimeUnit.MILLISECONDS);
        return;
      }
      shared.remove(user, mine);
    }
    end(mine);
  }

  private void drop(String user, Shared mine, long kept) {
    synchronized (shared) {
      if (mine.holders > 0 || mine.kept != kept) {
        return;
      }
      shared.remove(user, mine);
    }
    LOG.info("the sandbox of {} was kept for {} s, and ends", user, sharing.keep().toSeconds());
    end(mine);
  }

  private static void end(Shared mine) {
    if (mine.sandbox.isDone() && !mine.sandbox.isCompletedExceptionally()) {
      mine.sandbox.join().close();
    }
  }

  /** Ends the sandboxes that wait for a next connection. */
  @Override
  public void close() {
    timer.shutdownNow();
    Map<String, Shared> left;
    synchronized (shared) {
      left = new HashMap<>(shared);
      shared.clear();
    }
    left.values().stream().filter(one -> one.holders == 0).forEach(Sandboxes::end);
  }

  /** One holder's share. */
  private final class Lease implements Sandbox {

    private final String user;
    private final Shared mine;
    private final Sandbox sandbox;
    private final AtomicBoolean returned = new AtomicBoolean();

    Lease(String user, Shared mine, Sandbox sandbox) {
      this.user = user;
      this.mine = mine;
      this.sandbox = sandbox;
    }

    @Override
    public String id() {
      return sandbox.id();
    }

    @Override
    public String engine() {
      return sandbox.engine();
    }

    @Override
    public Optional<String> unfiltered() {
      return sandbox.unfiltered();
    }

    @Override
    public boolean healthy() {
      return !returned.get() && sandbox.healthy();
    }

    @Override
    public SandboxProcess start(ProcessSpec spec) throws SandboxException {
      if (returned.get()) {
        throw new SandboxException("the sandbox has been given back");
      }
      return sandbox.start(spec);
    }

    @Override
    public Reach reach(Service service) {
      return sandbox.reach(service);
    }

    @Override
    public void close() {
      if (returned.compareAndSet(false, true)) {
        giveBack(user, mine);
      }
    }
  }
}
