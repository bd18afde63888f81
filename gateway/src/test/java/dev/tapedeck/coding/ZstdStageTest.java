package dev.tapedeck.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.coding.BodyDecoder.Decoded;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside what {@link BodyDecoderTest} shows of every coding. */
class ZstdStageTest {

  private static final long NO_LIMIT = Long.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void aircompressorAndWeUnderstandEachOther(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      byte[] body = Bodies.random(random);
      ByteArrayOutputStream theirs = new ByteArrayOutputStream();
      try (ZstdOutputStream out = new ZstdOutputStream(theirs)) {
        out.write(body);
      }
      assertThat(BodyDecoder.decode("zstd", theirs.toByteArray(), NO_LIMIT).bytes())
          .isEqualTo(body);
      byte[] ours = Bodies.zstd(body);
      try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(ours))) {
        assertThat(in.readAllBytes()).isEqualTo(body);
      }
    }
  }

  @Test
  void aBodyLargerThanTheWindowComesBack() {
    byte[] body = new byte[10_000_000];
    Random random = new Random(5);
    for (int i = 0; i < body.length; i++) {
      body[i] = i > 9_000_000 ? body[i - 9_000_000] : (byte) random.nextInt(4);
    }
    byte[] wire = Bodies.zstd(body);
    assertThat(wire).hasSizeLessThan(body.length / 2);
    Decoded decoded = BodyDecoder.decode("zstd", wire, NO_LIMIT);
    assertThat(decoded.end().isComplete()).isTrue();
    assertThat(decoded.bytes()).isEqualTo(body);
  }

  @Test
  void aStreamsEventsBecomeSmall() {
    StringBuilder stream = new StringBuilder();
    Random random = new Random(9);
    for (int i = 0; i < 2000; i++) {
      stream
          .append(
              "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,")
          .append("\"delta\":{\"type\":\"text_delta\",\"text\":\" ")
          .append(Integer.toString(random.nextInt(36 * 36), 36))
          .append("\"}}\n\n");
    }
    byte[] body = stream.toString().getBytes(UTF_8);
    assertThat(Bodies.zstd(body)).hasSizeLessThan(body.length / 25);
  }

  @Test
  void framesFollowEachOtherAndSomeAreSkipped() {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(HexFormat.of().parseHex("502a4d1803000000aabbcc"));
    wire.writeBytes(Bodies.zstd("one ".getBytes(UTF_8)));
    wire.writeBytes(HexFormat.of().parseHex("5f2a4d1800000000"));
    wire.writeBytes(Bodies.zstd("two".getBytes(UTF_8)));
    Decoded decoded = BodyDecoder.decode("zstd", wire.toByteArray(), NO_LIMIT);
    assertThat(decoded.bytes()).asString(UTF_8).isEqualTo("one two");
    assertThat(decoded.end().isComplete()).isTrue();
  }

  @Test
  void windowsThatHttpDoesNotAllowAreRefused() {
    assertThat(reason("28b52ffd0068" + "010000")).isEmpty();
    assertThat(reason("28b52ffd0070" + "010000"))
        .isEqualTo("a zstd frame that needs a window of 16777216 bytes; HTTP allows 8388608");
    assertThat(reason("28b52ffde0ffffffffffffffff"))
        .isEqualTo(
            "a zstd frame that needs a window of 18446744073709551615 bytes; HTTP allows 8388608");
  }

  @Test
  void faultsInTheHeaderAreNamed() {
    assertThat(reason("28b52ffd2107" + "05")).isEqualTo("a zstd frame that needs the dictionary 7");
    assertThat(reason("28b52ffd2805")).isEqualTo("a zstd frame with features that are not defined");
    assertThat(reason("1f8b0800")).isEqualTo("does not begin as zstd data does");
    assertThat(reason("28b52ffd2004" + "290000" + "6162636465"))
        .isEqualTo("not zstd data: Data corruption detected");
    assertThat(reason("28b52ffd2005" + "210000" + "61626364")).startsWith("not zstd data: ");
  }

  private static String reason(String hex) {
    return BodyDecoder.decode("zstd", HexFormat.of().parseHex(hex), NO_LIMIT).end().reason();
  }
}
