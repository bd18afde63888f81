package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteQueueTest {

  @TempDir Path folder;

  @Test
  void aChangeThatBreaksDownIsCountedAndTheOthersAreWritten() {
    Path file = folder.resolve("catalog.db");
    WriteQueue queue = new WriteQueue(Jdbi.create("jdbc:sqlite:" + file), file, 10);
    AtomicBoolean written = new AtomicBoolean();
    queue.start();
    queue.add(_ -> {
      throw new OutOfMemoryError("a test's");
    });
    queue.add(_ -> written.set(true));
    assertThat(queue.flush(Duration.ofSeconds(20))).isTrue();
    assertThat(written).isTrue();
    assertThat(queue.failed()).isEqualTo(1);
    queue.close();
  }
}
