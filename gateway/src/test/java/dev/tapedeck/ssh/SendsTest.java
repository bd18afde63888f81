package dev.tapedeck.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendsTest {

  private final Sends sends = new Sends();
  private final List<String> closed = new ArrayList<>();

  @Test
  void closeIsLeftToTheLastSenderAndNothingBeginsAfterIt() {
    assertThat(sends.begin()).isTrue();
    assertThat(sends.begin()).isTrue();
    sends.endWith(() -> closed.add("close"));
    assertThat(sends.begin()).isFalse();
    sends.end();
    assertThat(closed).isEmpty();
    sends.end();
    assertThat(closed).containsExactly("close");
  }

  @Test
  void closeIsAtOnceWhereNothingIsUnderWay() {
    assertThat(sends.begin()).isTrue();
    sends.end();
    sends.endWith(() -> closed.add("close"));
    assertThat(closed).containsExactly("close");
    assertThat(sends.begin()).isFalse();
  }
}
