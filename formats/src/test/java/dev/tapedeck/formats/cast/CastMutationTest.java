package dev.tapedeck.formats.cast;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Damages good recordings at random: a reader may refuse them, and may do nothing else. */
class CastMutationTest {

  private static final String[] TOKENS = {
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    ",",
    ":",
    "\n",
    "\n\n",
    "#",
    "-",
    "1e999",
    "1e-999999999",
    "99999999999999999999",
    "null",
    "true",
    "\u0000",
    "\uFEFF",
    "NaN",
    "0x1",
  };

  private static byte[] good(int version) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CastHeader header = CastHeader.of(80, 24).withEnv(Map.of("TERM", "xterm")).withTitle("é");
    CastWriter writer =
        version == 2 ? new CastV2Writer(out, header) : new CastV3Writer(out, header);
    for (int i = 0; i < 6; i++) {
      CastCode code = CastCode.of("oirmx".substring(i % 5, i % 5 + 1));
      String data =
          code == CastCode.Known.RESIZE ? "80x24" : code == CastCode.Known.EXIT ? "0" : "ż\r\u001b";
      writer.write(new CastEvent(i * 1_500_000_000L, code, data));
    }
    return out.toByteArray();
  }

  private static byte[] damaged(byte[] good, RandomGenerator random) {
    byte[] bytes = good;
    int times = random.nextInt(1, 4);
    for (int i = 0; i < times; i++) {
      int from = random.nextInt(bytes.length + 1);
      int to = Math.min(bytes.length, from + random.nextInt(4));
      byte[] middle =
          switch (random.nextInt(4)) {
            case 0 -> Casts.bytes(random.nextInt(256));
            case 1 -> new byte[0];
            case 2 -> Arrays.copyOfRange(bytes, from / 2, from);
            default -> Casts.utf8(TOKENS[random.nextInt(TOKENS.length)]);
          };
      ByteArrayOutputStream next = new ByteArrayOutputStream();
      next.write(bytes, 0, from);
      next.writeBytes(middle);
      next.write(bytes, to, bytes.length - to);
      bytes = next.toByteArray();
    }
    return bytes;
  }

  @Test
  void aDamagedRecordingIsReadOrRefusedWithItsLine() throws IOException {
    RandomGenerator random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 6000; round++) {
      byte[] bytes = damaged(good(2 + round % 2), random);
      refused += readAsFarAsPossible(bytes);
    }
    assertThat(refused).isBetween(1000, 5999);
  }

  /** Anything but a refusal or the end fails the test by itself. */
  private static int readAsFarAsPossible(byte[] bytes) throws IOException {
    long lines = 1 + new String(bytes, ISO_8859_1).lines().count();
    try (CastReader reader = new CastReader(new ByteArrayInputStream(bytes))) {
      long before = 0;
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        assertThat(event.time()).isGreaterThanOrEqualTo(before);
        before = event.time();
      }
      return 0;
    } catch (CastFormatException e) {
      assertThat(e.line()).isBetween(1L, lines);
      assertThat(e.reason()).isNotBlank();
      return 1;
    }
  }
}
