package dev.tapedeck.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitStatusTest {

  @Test
  void numbersAreTheShells() {
    assertThat(new ExitStatus.Code(3).number()).isEqualTo(3);
    assertThat(new ExitStatus.Signalled("KILL", 9).number()).isEqualTo(137);
    assertThat(new ExitStatus.Unknown().number()).isEqualTo(-1);
  }
}
