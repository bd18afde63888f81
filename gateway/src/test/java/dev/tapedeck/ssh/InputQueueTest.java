package dev.tapedeck.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InputQueueTest {

  @Test
  void whatGoesInComesOutInOrderHoweverItIsCut() throws Exception {
    Random random = new Random(5);
    byte[] all = new byte[500_000];
    random.nextBytes(all);
    InputQueue queue = new InputQueue();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[7000];
    int put = 0;
    while (out.size() < all.length) {
      int length = Math.min(random.nextInt(20_000), all.length - put);
      queue.put(all, put, length);
      put += length;
      if (put > out.size()) {
        out.write(buffer, 0, queue.read(buffer));
      }
    }
    assertThat(out.toByteArray()).isEqualTo(all);
  }

  @Test
  void aPieceLargerThanTheRingFits() throws Exception {
    byte[] piece = new byte[InputQueue.FIRST_BYTES * 5 + 1];
    Arrays.fill(piece, (byte) 7);
    InputQueue queue = new InputQueue();
    queue.put(new byte[] {1, 2, 3}, 1, 1);
    queue.put(piece, 0, piece.length);
    byte[] buffer = new byte[piece.length + 10];
    assertThat(queue.read(buffer)).isEqualTo(piece.length + 1);
    assertThat(buffer[0]).isEqualTo((byte) 2);
    assertThat(buffer[piece.length]).isEqualTo((byte) 7);
  }

  @Test
  void theEndComesAfterWhatIsThereAndNothingAfterIt() throws Exception {
    InputQueue queue = new InputQueue();
    queue.put(new byte[] {1}, 0, 1);
    queue.end();
    queue.put(new byte[] {2}, 0, 1);
    byte[] buffer = new byte[10];
    assertThat(queue.read(buffer)).isEqualTo(1);
    assertThat(queue.read(buffer)).isEqualTo(-1);
  }
}
