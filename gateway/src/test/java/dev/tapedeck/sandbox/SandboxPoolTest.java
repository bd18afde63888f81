package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The pool over a scripted engine, whose sandboxes are made, die and fail when the test says so.
 */
class SandboxPoolTest {

  private final ScriptedEngine engine = new ScriptedEngine();

  @Test
  void takesWhatIsReadyAndRefills() throws Exception {
    try (SandboxPool pool = pool(2, 8)) {
      await().until(() -> pool.counts().ready() == 2);
      Sandbox first = pool.take();
      assertThat(first.id()).isEqualTo("1");
      await().until(() -> pool.counts().ready() == 2);
      assertThat(pool.counts()).isEqualTo(new SandboxPool.Counts(1, 0, 0, 0, 2));
    }
  }

  @Test
  void anEmptyPoolMakesOneAtOnce() throws Exception {
    try (SandboxPool pool = pool(0, 8)) {
      assertThat(pool.take().healthy()).isTrue();
      assertThat(pool.counts().misses()).isEqualTo(1);
    }
  }

  @Test
  void aSlowCreationHoldsUpNobodyElse() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    engine.slow = go;
    try (SandboxPool pool = pool(0, 8)) {
      CompletableFuture<Sandbox> slow = taking(pool);
      await().until(() -> engine.making.get() == 1);
      engine.slow = null;
      assertThat(pool.take().id()).isNotEmpty();
      assertThat(slow).isNotDone();
      go.countDown();
      assertThat(slow.get(5, TimeUnit.SECONDS).healthy()).isTrue();
    }
  }

  @Test
  void creationsAtOnceAreLimited() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    engine.slow = go;
    try (SandboxPool pool = pool(0, 2)) {
      List<CompletableFuture<Sandbox>> takers = List.of(taking(pool), taking(pool), taking(pool));
      await().until(() -> pool.counts().waits() == 1);
      assertThat(engine.making.get()).isEqualTo(2);
      go.countDown();
      for (CompletableFuture<Sandbox> taker : takers) {
        assertThat(taker.get(5, TimeUnit.SECONDS).healthy()).isTrue();
      }
    }
  }

  @Test
  void oneThatDiedIsNotGivenOut() throws Exception {
    try (SandboxPool pool = pool(2, 8)) {
      await().until(() -> pool.counts().ready() == 2);
      engine.last.closed = true;
      Sandbox taken = pool.take();
      Sandbox next = pool.take();
      assertThat(taken.healthy()).isTrue();
      assertThat(next.healthy()).isTrue();
      assertThat(pool.counts().failures()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void thoseThatWaitAreChecked() {
    try (SandboxPool pool =
        SandboxPool.start(engine, new PoolOptions(1, 8, Duration.ofMillis(100)))) {
      await().until(() -> pool.counts().ready() == 1);
      ScriptedSandbox dead = engine.last;
      dead.closed = true;
      await().until(() -> pool.counts().failures() == 1 && pool.counts().ready() == 1);
      assertThat(engine.last).isNotSameAs(dead);
    }
  }

  @Test
  void aFailingEngineIsNotAskedInAHotLoop() throws Exception {
    engine.failing = true;
    try (SandboxPool pool = pool(2, 8)) {
      await().until(() -> engine.asked.get() >= 2);
      assertThatThrownBy(pool::take).hasMessageContaining("scripted");
      assertThat(engine.asked.get()).isLessThan(6);
      engine.failing = false;
      await().until(() -> pool.counts().ready() == 2);
    }
  }

  @Test
  void thoseThatWaitReachTheServiceAlready() throws Exception {
    try (Upstream service = Upstream.http();
        SandboxPool pool =
            SandboxPool.start(engine, new PoolOptions(1, 8, Duration.ofHours(1)), service)) {
      await().until(() -> pool.counts().ready() == 1);
      assertThat(engine.last.reached).isEqualTo(service);
    }
    try (SandboxPool pool = pool(1, 8)) {
      await().until(() -> pool.counts().ready() == 1);
      assertThat(engine.last.reached).isNull();
    }
  }

  @Test
  void closeEndsThoseThatWait() {
    SandboxPool pool = pool(2, 8);
    await().until(() -> pool.counts().ready() == 2);
    pool.close();
    assertThat(engine.last.closed).isTrue();
    assertThatThrownBy(pool::take).isInstanceOf(SandboxException.class);
  }

  @Test
  void optionsRefuseNonsense() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new PoolOptions(-1, 1, second)).hasMessageContaining("size");
    assertThatThrownBy(() -> new PoolOptions(1, 0, second)).hasMessageContaining("maxCreations");
    assertThatThrownBy(() -> new PoolOptions(1, 1, Duration.ZERO))
        .hasMessageContaining("checkEvery");
  }

  private SandboxPool pool(int size, int maxCreations) {
    return SandboxPool.start(engine, new PoolOptions(size, maxCreations, Duration.ofHours(1)));
  }

  private static CompletableFuture<Sandbox> taking(SandboxPool pool) {
    CompletableFuture<Sandbox> taken = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            taken.complete(pool.take());
          } catch (SandboxException e) {
            taken.completeExceptionally(e);
          }
        });
    return taken;
  }

  private static final class ScriptedEngine implements Engine {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger making = new AtomicInteger();
    private volatile CountDownLatch slow;
    private volatile boolean failing;
    private volatile ScriptedSandbox last;

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Sandbox create(Folders folders) throws SandboxException {
      int number = asked.incrementAndGet();
      making.incrementAndGet();
      try {
        CountDownLatch latch = slow;
        if (latch != null && !latch.await(10, TimeUnit.SECONDS)) {
          throw new SandboxException("the test never let go");
        }
        if (failing) {
          throw new SandboxException("a scripted failure");
        }
        last = new ScriptedSandbox(Integer.toString(number));
        return last;
      } catch (InterruptedException e) {
        throw new SandboxException("interrupted", e);
      } finally {
        making.decrementAndGet();
      }
    }

    @Override
    public List<Finding> examine() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  private static final class ScriptedSandbox implements Sandbox {
    private final String id;
    private volatile boolean closed;
    private volatile Service reached;

    ScriptedSandbox(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String engine() {
      return "scripted";
    }

    @Override
    public java.util.Optional<String> unfiltered() {
      return java.util.Optional.empty();
    }

    @Override
    public boolean healthy() {
      return !closed;
    }

    @Override
    public SandboxProcess start(ProcessSpec spec) throws SandboxException {
      throw new SandboxException("scripted sandboxes run nothing");
    }

    @Override
    public Reach reach(Service service) {
      reached = service;
      return Reach.At.of(service.address());
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
