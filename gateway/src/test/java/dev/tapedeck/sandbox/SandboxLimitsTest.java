package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SandboxLimitsTest {

  private static final long MIB = 1024 * 1024;

  @Test
  void defaultsArePinned() {
    assertThat(SandboxLimits.DEFAULT)
        .isEqualTo(new SandboxLimits(256 * MIB, 0.5, 100, 256 * MIB, 65_536, 4_096));
    assertThat(PoolOptions.DEFAULT.size()).isEqualTo(2);
  }

  @Test
  void nonsenseIsRefusedByName() {
    assertThatThrownBy(() -> new SandboxLimits(1, 1, 100, MIB, 100, 64))
        .hasMessageContaining("memory");
    assertThatThrownBy(() -> new SandboxLimits(16 * MIB, 0, 100, MIB, 100, 64))
        .hasMessageContaining("cpus");
    assertThatThrownBy(() -> new SandboxLimits(16 * MIB, Double.NaN, 100, MIB, 100, 64))
        .hasMessageContaining("cpus");
    assertThatThrownBy(() -> new SandboxLimits(16 * MIB, 1, 1, MIB, 100, 64))
        .hasMessageContaining("processes");
    assertThatThrownBy(() -> new SandboxLimits(16 * MIB, 1, 100, 0, 100, 64))
        .hasMessageContaining("disk");
    assertThatThrownBy(() -> new SandboxLimits(16 * MIB, 1, 100, MIB, 1, 64))
        .hasMessageContaining("inodes");
    assertThatThrownBy(() -> new SandboxLimits(16 * MIB, 1, 100, MIB, 100, 1))
        .hasMessageContaining("open files");
  }
}
