package dev.tapedeck.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LegibleTest {

  private static boolean isText(byte[] bytes) {
    return Legible.isText(bytes, 0, bytes.length);
  }

  @Test
  void linesColoursAndAnyLanguageAreText() {
    assertThat(isText(new byte[0])).isTrue();
    assertThat(isText("one line\r\n\ttwo\n".repeat(100).getBytes(UTF_8))).isTrue();
    assertThat(isText("\u001b[31mred\u001b[0m \b\u0007".repeat(100).getBytes(UTF_8))).isTrue();
    assertThat(isText("на русском, 日本語, \uD83D\uDE00".repeat(100).getBytes(UTF_8))).isTrue();
    assertThat(isText("caf\u00e9, na\u00efve and other words".getBytes(ISO_8859_1))).isTrue();
  }

  @Test
  void strayNulOrControlCharacterIsText() {
    for (int length = 5; length < 400; length++) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 'x');
      bytes[length / 2] = 0;
      assertThat(isText(bytes)).as("NUL in %d", length).isTrue();
    }
    assertThat(isText("\0".getBytes(UTF_8))).isTrue();
    assertThat(isText("\u001b[m\u000f".getBytes(UTF_8))).isTrue();
  }

  @Test
  void zeroesAndOldEncodingsAreNoText() {
    assertThat(isText(new byte[65])).isFalse();
    assertThat(isText("\u043f\u0430\u0440".getBytes(Charset.forName("KOI8-R")))).isFalse();
  }

  @Test
  void randomBytesAreNoText() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[64 + random.nextInt(1000)];
      random.nextBytes(bytes);
      assertThat(isText(bytes)).as("round %d", i).isFalse();
    }
  }

  @Test
  void textCutAnywhereIsText() {
    byte[] text = "日本語 und Umlaute: äöü".repeat(20).getBytes(UTF_8);
    for (int from = 0; from < 40; from++) {
      for (int to = from + 8; to < text.length; to++) {
        assertThat(Legible.isText(text, from, to - from)).as("%d to %d", from, to).isTrue();
      }
    }
  }
}
