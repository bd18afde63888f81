package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SandboxLimitsTest {

  private static final long MIB = 1024 * 1024;

  @Test
  void defaultsAreEnoughForACodingAgent() {
    assertThat(SandboxLimits.on(new Machine(16, 64L << 30, 4_194_304)))
        .isEqualTo(new SandboxLimits(2048 * MIB, 2, 512, 1024 * MIB, 262_144, 4_096));
    assertThat(PoolOptions.DEFAULT.size()).isEqualTo(2);
  }

  @Test
  void defaultsAreNoMoreThanTheMachineHas() {
    assertThat(SandboxLimits.on(new Machine(1, 1536 * MIB, 300)))
        .isEqualTo(new SandboxLimits(1536 * MIB, 1, 300, 768 * MIB, 262_144, 4_096));
  }

  @Test
  void thisMachineIsKnown() {
    Machine here = Machine.here();
    assertThat(here.processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(here.memoryBytes()).isBetween(64 * MIB, 1L << 45);
    assertThat(here.processes()).isBetween(300, 4_194_304);
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
