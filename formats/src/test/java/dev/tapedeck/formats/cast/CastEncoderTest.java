package dev.tapedeck.formats.cast;

import static dev.tapedeck.formats.cast.Casts.SECOND;
import static dev.tapedeck.formats.cast.Casts.bytes;
import static dev.tapedeck.formats.cast.Casts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CastEncoderTest {

  private final CastEncoder encoder = new CastEncoder();

  private String output(long nanos, byte[] bytes) {
    return encoder.output(nanos, bytes, 0, bytes.length).text();
  }

  @Test
  void headerSaysVersionSizeTimeAndEnvironment() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("SHELL", "/bin/bash");
    env.put("TERM", "xterm-256color");
    CastHeader header =
        CastHeader.of(96, 26)
            .withTimestamp(Instant.ofEpochSecond(1506410422))
            .withCommand("echo \"żółć\"\n")
            .withTitle("a title")
            .withEnv(env);
    assertThat(encoder.header(header).text())
        .isEqualTo(
            """
            {"version": 2, "width": 96, "height": 26, "timestamp": 1506410422, \
            "command": "echo \\"żółć\\"\\n", "title": "a title", \
            "env": {"SHELL": "/bin/bash", "TERM": "xterm-256color"}}
            """);
  }

  @Test
  void headerHasASizeThatEveryReaderTakes() {
    assertThat(encoder.header(CastHeader.of(0, 0)).text())
        .isEqualTo("{\"version\": 2, \"width\": 80, \"height\": 24}\n");
    assertThat(encoder.header(CastHeader.of(65535, 65535)).text())
        .isEqualTo("{\"version\": 2, \"width\": 720, \"height\": 200}\n");
  }

  @Test
  void timesAreSecondsWithMicroseconds() {
    assertThat(output(0, utf8("a"))).isEqualTo("[0.000000, \"o\", \"a\"]\n");
    assertThat(output(1_234_567_899L, utf8("b"))).isEqualTo("[1.234567, \"o\", \"b\"]\n");
    assertThat(output(123_456 * SECOND, utf8("c"))).isEqualTo("[123456.000000, \"o\", \"c\"]\n");
  }

  @Test
  void timeNeverGoesBack() {
    output(2 * SECOND, utf8("a"));
    assertThat(output(SECOND, utf8("b"))).isEqualTo("[2.000000, \"o\", \"b\"]\n");
    assertThat(encoder.resize(-5, 80, 24).text()).isEqualTo("[2.000000, \"r\", \"80x24\"]\n");
  }

  @Test
  void everyAsciiCharacterIsEscapedAsJsonWantsIt() {
    assertThat(output(0, bytes(0, 7, 8, 9, 10, 11, 12, 13, 27, 31, 32, '"', '\\', '/', 126, 127)))
        .isEqualTo(
            "[0.000000, \"o\", \"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001b\\u001f"
                + " \\\"\\\\/~\\u007f\"]\n");
  }

  @Test
  void aSpecialCharacterIsSeenAtEveryPlaceOfAWord() {
    for (String special : new String[] {"\"", "\\", "\n", "\u007f", "\u0000", "é", "漢", "😀"}) {
      for (int at = 0; at < 20; at++) {
        String text = "!".repeat(at) + special + "~ #[]".repeat(4);
        String line = output(0, utf8(text));
        assertThat(line.lines().count()).isEqualTo(1);
        assertThat(dataOf(line)).isEqualTo(text);
      }
    }
  }

  @Test
  void directionsHaveTheirCodes() {
    byte[] a = utf8("xay");
    assertThat(encoder.input(0, a, 1, 1).text()).isEqualTo("[0.000000, \"i\", \"a\"]\n");
    assertThat(encoder.errorOutput(0, a, 1, 1).text()).isEqualTo("[0.000000, \"o\", \"a\"]\n");
    assertThat(encoder.marker(0, "here \"it\" is").text())
        .isEqualTo("[0.000000, \"m\", \"here \\\"it\\\" is\"]\n");
    assertThat(encoder.event(0, CastCode.of("z"), "\u2028\ud800").text())
        .isEqualTo("[0.000000, \"z\", \"\u2028\uFFFD\"]\n");
    assertThat(encoder.resize(0, 0, 5000).text()).isEqualTo("[0.000000, \"r\", \"80x5000\"]\n");
    assertThat(encoder.exit(0, 130).text()).isEqualTo("[0.000000, \"x\", \"130\"]\n");
  }

  @Test
  void aCharacterCutInTwoIsWrittenWithItsSecondHalf() {
    assertThat(output(0, bytes('a', 0xE6, 0xBC))).isEqualTo("[0.000000, \"o\", \"a\"]\n");
    assertThat(output(SECOND, bytes(0xA2, 'b'))).isEqualTo("[1.000000, \"o\", \"漢b\"]\n");
  }

  @Test
  void nothingIsWrittenWhileAllIsHeldBack() throws IOException {
    CastLine line = encoder.output(0, bytes(0xF0), 0, 1);
    assertThat(line.isEmpty()).isTrue();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    line.writeTo(out);
    assertThat(out.size()).isZero();
    assertThat(encoder.output(0, bytes(0x9F, 0x98), 0, 2).isEmpty()).isTrue();
    assertThat(output(0, bytes(0x80))).isEqualTo("[0.000000, \"o\", \"😀\"]\n");
    assertThat(encoder.output(0, new byte[0], 0, 0).isEmpty()).isTrue();
    assertThat(encoder.flush(0).isEmpty()).isTrue();
  }

  @Test
  void directionsHoldBackApart() {
    encoder.output(0, bytes(0xC3), 0, 1);
    encoder.errorOutput(0, bytes(0xE6, 0xBC), 0, 2);
    encoder.input(0, bytes(0xC5), 0, 1);
    assertThat(encoder.errorOutput(0, bytes(0xA2), 0, 1).text()).contains("漢");
    assertThat(encoder.input(0, bytes(0x82), 0, 1).text()).contains("ł");
    assertThat(encoder.output(0, bytes(0xA9), 0, 1).text()).contains("é");
  }

  @Test
  void whatIsHeldBackAtTheEndIsReplaced() {
    encoder.output(0, bytes(0xE6, 0xBC), 0, 2);
    encoder.input(0, bytes(0xC5), 0, 1);
    assertThat(encoder.exit(SECOND, 0).text())
        .isEqualTo(
            """
            [1.000000, "o", "\uFFFD"]
            [1.000000, "i", "\uFFFD"]
            [1.000000, "x", "0"]
            """);
    assertThat(encoder.flush(SECOND).isEmpty()).isTrue();
  }

  @Test
  void tooManyBytesForOneEventAreRefused() {
    byte[] bytes = new byte[CastEncoder.MAX_EVENT_BYTES + 1];
    assertThatThrownBy(() -> encoder.output(0, bytes, 0, bytes.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2097152 are allowed");
    String worst = output(0, new byte[CastEncoder.MAX_EVENT_BYTES]);
    assertThat(worst.length()).isLessThan(CastReader.MAX_LINE_BYTES);
    assertThat(dataOf(worst).length()).isEqualTo(CastEncoder.MAX_EVENT_BYTES);
  }

  @Test
  void everyPairAndTripleOfInterestingBytesDecodesAsJavaDecodesIt() {
    int[] interesting = {
      'a', 0x80, 0x8F, 0x90, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5
    };
    for (int a : interesting) {
      for (int b : interesting) {
        for (int c : interesting) {
          byte[] bytes = bytes(a, b, c, 0x80, 'z');
          assertThat(recorded(bytes, bytes.length)).isEqualTo(new String(bytes, UTF_8));
          byte[] cut = bytes(a, b, c);
          assertThat(recorded(cut, 2)).isEqualTo(new String(cut, UTF_8));
        }
      }
    }
  }

  @Test
  void splitsAtEveryOffsetReadBackAsTheWhole() {
    RandomGenerator random = new Random(20261121);
    for (int round = 0; round < 40; round++) {
      byte[] bytes = Casts.terminalBytes(random, 12);
      String expected = new String(bytes, UTF_8);
      for (int split = 0; split <= bytes.length; split++) {
        CastEncoder one = new CastEncoder();
        StringBuilder text = new StringBuilder();
        text.append(one.output(0, bytes, 0, split).text());
        text.append(one.output(0, bytes, split, bytes.length - split).text());
        text.append(one.flush(0).text());
        assertThat(dataOf(text.toString()))
            .as("round %d, split %d", round, split)
            .isEqualTo(expected);
      }
    }
  }

  /** ORIGINS.md, recording, 3: bytes that are not UTF-8 are replaced, never fatal. */
  @Test
  void randomChunksReadBackAsTheWhole() {
    RandomGenerator random = new Random(7);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = Casts.terminalBytes(random, random.nextInt(1, 2000));
      assertThat(recorded(bytes, random.nextInt(1, 9000)))
          .as("round %d", round)
          .isEqualTo(new String(bytes, UTF_8));
    }
  }

  @Test
  void aRecordingOfLogTextIsLittleLargerThanTheText() {
    StringBuilder log = new StringBuilder();
    for (int i = 0; log.length() < 1 << 20; i++) {
      log.append("2026-11-21T13:47:21.%06dZ INFO worker-%02d request ".formatted(i, i % 16))
          .append("GET /v1/items/%08d took 12 ms\r\n".formatted(i * 7919));
    }
    byte[] bytes = utf8(log.toString());
    for (int chunk : new int[] {4096, 32768}) {
      CastEncoder one = new CastEncoder();
      long recorded = 0;
      for (int at = 0; at < bytes.length; at += chunk) {
        recorded += one.output(at * 1000L, bytes, at, Math.min(chunk, bytes.length - at)).length();
      }
      assertThat((double) recorded / bytes.length).as("chunks of %d", chunk).isLessThan(1.15);
    }
  }

  /** What a reader sees of the bytes when they come in chunks. */
  private static String recorded(byte[] bytes, int chunk) {
    CastEncoder one = new CastEncoder();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; at += chunk) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
      text.append(one.output(at, part, 0, part.length).text());
    }
    return dataOf(text.append(one.flush(0).text()).toString());
  }

  private static String dataOf(String lines) {
    try {
      return Casts.read("{\"version\": 2, \"width\": 80, \"height\": 24}\n" + lines).output();
    } catch (IOException e) {
      throw new AssertionError("the encoder wrote what the reader refuses", e);
    }
  }
}
