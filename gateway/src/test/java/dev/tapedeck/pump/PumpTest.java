package dev.tapedeck.pump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PumpTest {

  @Test
  void everyChunkIsRecordedBeforeItGoesOn() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    ByteArrayInputStream source = new ByteArrayInputStream(new byte[Pump.CHUNK_BYTES * 2 + 1]);
    new Pump(
            "test",
            source::read,
            chunk -> order.add("record " + chunk.length()),
            chunk -> order.add("forward " + chunk.length()),
            null)
        .start()
        .get();
    assertThat(order)
        .containsExactly(
            "record " + Pump.CHUNK_BYTES,
            "forward " + Pump.CHUNK_BYTES,
            "record " + Pump.CHUNK_BYTES,
            "forward " + Pump.CHUNK_BYTES,
            "record 1",
            "forward 1");
  }

  @Test
  void recorderThatHangsIsPassedByAndNothingIsLostOrDoubled() throws Exception {
    byte[] data = new byte[Pump.CHUNK_BYTES * 3];
    new Random(5).nextBytes(data);
    ByteArrayInputStream source = new ByteArrayInputStream(data);
    CountDownLatch hang = new CountDownLatch(1);
    ByteArrayOutputStream forwarded = new ByteArrayOutputStream();
    List<Integer> recorded = new CopyOnWriteArrayList<>();
    try (StallWatch watch = new StallWatch(Duration.ofMillis(50))) {
      CompletableFuture<Void> done =
          new Pump(
                  "test",
                  source::read,
                  chunk -> {
                    if (recorded.isEmpty()) {
                      recorded.add(-1);
                      await(hang);
                    }
                    recorded.add(chunk.length());
                  },
                  chunk -> forwarded.write(chunk.array(), chunk.offset(), chunk.length()),
                  watch)
              .start();
      done.get();
      assertThat(forwarded.toByteArray()).isEqualTo(data);
      assertThat(recorded).hasSize(3);
      hang.countDown();
    }
  }

  @Test
  void recorderThatThrowsEndsThePumpBeforeTheBytesGoOn() {
    ByteArrayInputStream source = new ByteArrayInputStream(new byte[10]);
    ByteArrayOutputStream forwarded = new ByteArrayOutputStream();
    CompletableFuture<Void> done =
        new Pump(
                "test",
                source::read,
                chunk -> {
                  throw new IOException("no space");
                },
                chunk -> forwarded.write(chunk.array(), chunk.offset(), chunk.length()),
                null)
            .start();
    assertThatThrownBy(done::get).hasRootCauseMessage("no space");
    assertThat(forwarded.size()).isZero();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anErrorEndsThePumpWithItsReason() {
    Error fault = new OutOfMemoryError("a test's");
    Pump pump =
        new Pump(
            "output-1",
            _ -> 1,
            _ -> {
              throw fault;
            },
            _ -> {},
            null);
    assertThat(pump.start())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCause(fault);
  }

  @Test
  void aStandInThatCannotBeStartedIsStartedAtTheNextLook() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch standsIn = new CountDownLatch(1);
    ThreadFactory threads =
        task -> {
          if (asked.incrementAndGet() == 1) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return Thread.ofPlatform().daemon().unstarted(task);
        };
    try (StallWatch stalls = new StallWatch(Duration.ofMillis(10), threads);
        StallWatch.Lease lease = stalls.lease(standsIn::countDown)) {
      lease.enter();
      assertThat(standsIn.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(lease.leave()).isFalse();
    }
  }
}
