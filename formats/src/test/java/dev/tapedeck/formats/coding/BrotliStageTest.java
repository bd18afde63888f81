package dev.tapedeck.formats.coding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.coding.Bodies.Encoded;
import dev.tapedeck.formats.coding.BodyDecoder.Decoded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.brotli.dec.BrotliInputStream;
import org.junit.jupiter.api.Test;

/** Beside what {@link BodyDecoderTest} shows of every coding. */
class BrotliStageTest {

  private static final int LIMIT = 200_000;

  @Test
  void theDictionaryIsTheOneOfTheSpecification() throws Exception {
    CRC32 check = new CRC32();
    try (var in = BrotliStage.class.getResourceAsStream("brotli-dictionary.bin")) {
      check.update(in.readAllBytes());
    }
    // RFC 7932, appendix C.
    assertThat(check.getValue()).isEqualTo(0x5136cb04L);
  }

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

  @Test
  void everyTransformationOfAWordIsApplied() throws Stopped {
    assertThat(BrotliTransformation.ALL).hasSize(121);
    assertThat(word(4, 0)).isEqualTo("time");
    assertThat(word(4, 1 << 10)).isEqualTo("time ");
    assertThat(word(4, 4 << 10)).isEqualTo("Time ");
    assertThat(word(4, 3 << 10)).isEqualTo("ime");
    assertThat(word(4, 12 << 10)).isEqualTo("tim");
    assertThat(word(4, 64 << 10)).isEmpty();
    assertThat(word(4, 112 << 10)).isEqualTo("TIME,");
    assertThat(word(4, 102 << 10)).isEqualTo("\u00c2\u00a0time");
    assertThat(word(4, 120 << 10)).isEqualTo(" Time='");
  }

  private static String word(int length, int number) throws Stopped {
    return new String(
        BrotliWords.word(length, number), java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
