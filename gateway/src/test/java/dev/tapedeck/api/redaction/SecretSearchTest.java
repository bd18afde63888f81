package dev.tapedeck.api.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretSearchTest {

  private static final String KEY = "sk-ant-0123/4567+89ab\"cdef";
  private static final String SHORT = "aab\\aab8";

  private final SecretSearch search = new SecretSearch(List.of(KEY, SHORT));

  @Test
  void everyWritingIsFoundWhereverItBegins() {
    byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
    List<String> writings =
        List.of(
            KEY,
            SHORT,
            KEY.replace("\"", "\\\""),
            KEY.replace("/", "\\/"),
            HexFormat.of().formatHex(key),
            HexFormat.of().withUpperCase().formatHex(key),
            Base64.getEncoder().encodeToString(key),
            Base64.getUrlEncoder().encodeToString(key));
    for (String writing : writings) {
      for (int before = 0; before < 40; before++) {
        byte[] text = ("a".repeat(before) + writing + "aab\\aab").getBytes(StandardCharsets.UTF_8);
        assertThat(search.in(text, 0, text.length)).as("%s at %d", writing, before).isTrue();
        assertThat(search.clean(new String(text, StandardCharsets.UTF_8)))
            .startsWith("a".repeat(before) + "REDACTED-sha256-")
            .endsWith("aab\\aab");
      }
    }
  }

  @Test
  void aSecretThatLacksItsLastByteIsNoneButMayBecomeOne() {
    byte[] text = ("x" + SHORT).getBytes(StandardCharsets.UTF_8);
    assertThat(search.in(text, 0, text.length - 1)).isFalse();
    assertThat(search.unsure(text, 0, text.length - 1)).isEqualTo(1);
    assertThat(search.in(text, 0, text.length)).isTrue();
    assertThat(search.unsure(text, 0, text.length)).isEqualTo(text.length);
  }

  @Test
  void randomTextOfASecretsOwnLettersHasItWhereverStringsFindIt() {
    Random random = new Random(7);
    String letters = "aab\\8";
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 30) {
        // Often the beginning of one, so that near misses abound.
        text.append(SHORT, 0, random.nextInt(SHORT.length() + 1));
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      boolean is = text.indexOf(SHORT) >= 0 || text.indexOf(SHORT.replace("\\", "\\\\")) >= 0;
      assertThat(search.in(bytes, 0, bytes.length)).as("%s", text).isEqualTo(is);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThat(search.clean(bytes, 0, bytes.length, out)).isEqualTo(is);
      assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain(SHORT);
      found += is ? 1 : 0;
    }
    assertThat(found).isBetween(1_000, 19_000);
  }
}
