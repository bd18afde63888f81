package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Clients that have themselves refused do not fill the log. */
class RefusalLogTest {

  private final AtomicLong now = new AtomicLong();
  private final RefusalLog log = new RefusalLog(now::get);

  @Test
  void aFloodOfRefusalsIsSoManyLinesAMinuteAndOneWithTheRest() {
    int lines = 0;
    for (int i = 0; i < 100_000; i++) {
      lines += log.refused("192.0.2.1:4711", Refusal.noPath());
    }
    assertThat(lines).isEqualTo(RefusalLog.LINES_A_MINUTE);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(log.refused("192.0.2.1:4711", Refusal.noPath())).isEqualTo(2);
    assertThat(log.refused("192.0.2.1:4711", Refusal.noPath())).isEqualTo(1);
  }
}
