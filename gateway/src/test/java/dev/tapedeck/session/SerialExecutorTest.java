package dev.tapedeck.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

  @Test
  void whatFailsDoesNotStopWhatComesAfterIt() {
    List<String> done = new ArrayList<>();
    SerialExecutor lane = new SerialExecutor(Runnable::run);
    lane.execute(() -> {
      throw new OutOfMemoryError("for one piece");
    });
    lane.execute(() -> done.add("next"));
    assertThat(done).containsExactly("next");
  }
}
