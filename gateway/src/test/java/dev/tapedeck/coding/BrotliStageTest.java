package dev.tapedeck.coding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.coding.Bodies.Encoded;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.coding.BodyDecoder.Decoded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.brotli.dec.BrotliInputStream;
import org.junit.jupiter.api.Test;

/** Beside what {@link BodyDecoderTest} shows of every coding. */
class BrotliStageTest {

  private static final int LIMIT = 200_000;

  @Test
  void mutatedBodiesDecodeAsGooglesDecoderDecodesThem() {
    List<byte[]> bodies =
        Stream.concat(Bodies.flushed().stream(), Bodies.whole().stream())
            .filter(body -> body.coding().equals("br"))
            .map(Encoded::whole)
            .toList();
    Random random = new Random(7);
    int good = 0;
    for (int i = 0; i < 6_000; i++) {
      byte[] wire = bodies.get(random.nextInt(bodies.size())).clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] expected = decodedByGoogle(wire);
      Decoded decoded = BodyDecoder.decode("br", wire, LIMIT);
      if (expected.length > 0) {
        good++;
        assertThat(decoded.bytes()).as("mutation %d", i).isEqualTo(expected);
      }
    }
    assertThat(good).as("mutations that are still brotli data").isGreaterThan(30);
  }

  /** Nothing if the decoder refuses, or if it gives more than the limit. */
  private static byte[] decodedByGoogle(byte[] wire) {
    try (BrotliInputStream in = new BrotliInputStream(new ByteArrayInputStream(wire))) {
      byte[] decoded = in.readNBytes(LIMIT + 1);
      return decoded.length > LIMIT ? new byte[0] : decoded;
    } catch (IOException | RuntimeException refused) {
      return new byte[0];
    }
  }
}
