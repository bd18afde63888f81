package dev.tapedeck.sandbox.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTreeTest {

  /** Signal 0 asks only whether the process could be signalled: a mistake here kills nobody. */
  @Test
  void aProcessThatCannotBeSeenStandsAsZeroAndIsNotTakenForOurOwnGroup() {
    assertThat(ProcessTree.signal((int) ProcessHandle.current().pid(), 0)).isTrue();
    assertThat(ProcessTree.signal(0, 0)).isFalse();
    assertThat(ProcessTree.signal(-1, 0)).isFalse();
  }
}
