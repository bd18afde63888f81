package dev.tapedeck.formats.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlocksTest {

  @Test
  void holdsWhatWasWrittenInWhateverPieces() {
    Random random = new Random(7);
    byte[] data = new byte[3_000_000];
    random.nextBytes(data);
    Blocks blocks = new Blocks();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int at = 0; at < data.length; ) {
      int length = Math.min(data.length - at, random.nextInt(random.nextBoolean() ? 10 : 300_000));
      blocks.write(data, at, length);
      expected.write(data, at, length);
      at += length;
      assertThat(blocks.size()).isEqualTo(expected.size());
    }
    blocks.write(0x1ff);
    expected.write(0x1ff);
    assertThat(blocks.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(blocks.between(new byte[] {1, 2}, new byte[] {3}))
        .startsWith(1, 2)
        .endsWith(-1, 3)
        .hasSize(expected.size() + 3);
  }

  @Test
  void isEmptyWhenItIsTaken() {
    Blocks blocks = new Blocks();
    assertThat(blocks.take()).isEmpty();
    blocks.write(new byte[] {1, 2, 3}, 1, 2);
    assertThat(blocks.take()).containsExactly(2, 3);
    assertThat(blocks.size()).isZero();
    blocks.write(9);
    assertThat(blocks.take()).containsExactly(9);
  }
}
