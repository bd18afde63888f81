package dev.tapedeck.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitsTest {

  @Test
  void durations() {
    assertThat(Units.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Units.duration("1.5h")).isEqualTo(Duration.ofMinutes(90));
    assertThat(Units.duration("30d")).isEqualTo(Duration.ofDays(30));
    for (String wrong : List.of("", "h", "0s", "-1s", "5", "5 weeks", "1e3s", "5M")) {
      assertThatThrownBy(() -> Units.duration(wrong))
          .as(wrong)
          .hasMessageContaining(" (got \"" + wrong + "\")");
    }
  }

  @Test
  void sizes() {
    assertThat(Units.size("256MiB")).isEqualTo(268_435_456);
    assertThat(Units.size("10 GiB")).isEqualTo(10_737_418_240L);
    assertThat(Units.size("1.5KiB")).isEqualTo(1536);
    assertThat(Units.size("5MB")).isEqualTo(5_000_000);
    assertThat(Units.size("0")).isZero();
    for (String wrong : List.of("", "MiB", "-1", "1M", "1 x", "99999999999999")) {
      assertThatThrownBy(() -> Units.size(wrong))
          .as(wrong)
          .hasMessageContaining(" (got \"" + wrong + "\")");
    }
  }

  @Test
  void shown() {
    assertThat(List.of(0L, 1023L, 1024L, 1536L, 10_240L, 1L << 20, (1L << 30) - 1, 1L << 41))
        .extracting(Units::show)
        .containsExactly(
            "0 B", "1023 B", "1.0 KiB", "1.5 KiB", "10 KiB", "1.0 MiB", "1.0 GiB", "2.0 TiB");
    assertThat(List.of(40L, 9_940L, 42_000L, 185_000L, 7_800_000L, 90_000_000L))
        .extracting(millis -> Units.show(Duration.ofMillis(millis)))
        .containsExactly("0.0s", "9.9s", "42s", "3m 05s", "2h 10m", "1d 01h");
  }
}
