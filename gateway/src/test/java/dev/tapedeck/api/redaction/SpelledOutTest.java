package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.MessageStream;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.StreamEnd;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SpelledOutTest {

  private static final String KEY = "sk-ant-api03-Planted0123456789abcdef";
  private static final String MARK = RedactionMark.mark(KEY);
  private static final SecretSearch SEARCH = new SecretSearch(List.of(KEY));

  private static String delta(int index, String text) {
    return """
    event: content_block_delta
    data: {"type": "content_block_delta", "index": %d, "delta": {"type": "text_delta", "text": "%s"}}

    """
        .formatted(index, text);
  }

  private static String begin(int... indexes) {
    StringBuilder events =
        new StringBuilder(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"content\":[]}}\n\n");
    for (int index : indexes) {
      events.append(
          "data: {\"type\":\"content_block_start\",\"index\":%d,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
              .formatted(index));
    }
    return events.toString();
  }

  private static final String END = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  private static String cleaned(byte[] stream, int... splits) {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    SpelledOut spelled = new SpelledOut(() -> SEARCH, to);
    int at = 0;
    for (int split : splits) {
      spelled.feed(stream, at, split - at);
      at = split;
    }
    spelled.feed(stream, at, stream.length - at);
    spelled.end();
    return to.toString(UTF_8);
  }

  /** The texts of the blocks of the message that a stream stands for. */
  private static List<String> texts(String stream) {
    MessageStream message = MessageStream.of(Protocol.ANTHROPIC_MESSAGES).orElseThrow();
    byte[] bytes = stream.getBytes(UTF_8);
    message.feed(bytes, 0, bytes.length, 0);
    return message.finish(StreamEnd.COMPLETE).message().array("content").values().stream()
        .map(block -> ((Obj) block).string("text"))
        .toList();
  }

  @Test
  void aSecretInTwoDeltasIsTakenOutWhereverItIsDivided() {
    for (int at = 1; at < KEY.length(); at++) {
      String stream =
          begin(0)
              + delta(0, "The key is " + KEY.substring(0, at))
              + delta(0, KEY.substring(at) + ", yes")
              + END;
      List<String> texts = texts(cleaned(stream.getBytes(UTF_8)));
      assertThat(texts).hasSize(1);
      assertThat(texts.getFirst())
          .as("divided at %d", at)
          .endsWith(MARK + ", yes")
          .startsWith("The key is ")
          .doesNotContain(KEY.substring(0, SecretSearch.MIN_BYTES));
    }
  }

  @Test
  void aSecretLetterByLetterIsTakenOut() {
    StringBuilder stream = new StringBuilder(begin(0));
    ("<" + KEY + ">").chars().forEach(each -> stream.append(delta(0, "" + (char) each)));
    String text = texts(cleaned(stream.append(END).toString().getBytes(UTF_8))).getFirst();
    assertThat(text).contains(MARK).endsWith(">").doesNotContain(KEY.substring(0, 8));
  }

  @Test
  void blocksThatTakeTurnsAreReadEachByItself() {
    StringBuilder stream = new StringBuilder(begin(0, 1));
    for (int i = 0; i < KEY.length(); i += 3) {
      stream.append(delta(0, KEY.substring(i, Math.min(i + 3, KEY.length()))));
      stream.append(delta(1, "word " + i + " "));
    }
    List<String> texts = texts(cleaned(stream.append(END).toString().getBytes(UTF_8)));
    assertThat(texts.get(0)).contains(MARK).doesNotContain(KEY.substring(5));
    assertThat(texts.get(1)).startsWith("word 0 word 3 ").endsWith("word 33 ");
  }

  @Test
  void theBytesMayBeDividedAnywhere() {
    byte[] stream =
        (begin(0) + delta(0, "a " + KEY.substring(0, 9)) + delta(0, KEY.substring(9)) + END)
            .getBytes(UTF_8);
    for (int at = 0; at <= stream.length; at++) {
      // Up to three letters may be gone before it is seen what they begin.
      assertThat(texts(cleaned(stream, at)).getFirst())
          .as("divided at %d", at)
          .matches("a (s|sk|sk-)?" + Pattern.quote(MARK));
    }
  }

  @Test
  void escapesDoNotHideASecret() {
    String escaped = KEY.substring(3, 20).replace("a", "\\u0061").replace("-", "\\u002D");
    String stream =
        begin(0)
            + delta(0, "caf\\u00e9 \\ud83d\\ude00 sk-")
            + delta(0, escaped)
            + delta(0, KEY.substring(20) + "\\n!")
            + END;
    assertThat(texts(cleaned(stream.getBytes(UTF_8))).getFirst())
        .startsWith("caf\u00e9 \ud83d\ude00 sk-")
        .endsWith(MARK + "\n!");
  }

  @Test
  void aSecretThatTheStreamBreaksOffInIsTakenOut() {
    for (int at = SecretSearch.MIN_BYTES; at < KEY.length(); at++) {
      String stream =
          begin(0) + delta(0, "is sk-") + delta(0, KEY.substring(3, at)) + "data: {\"type\":";
      assertThat(cleaned(stream.getBytes(UTF_8)))
          .contains("sk-", MARK)
          .doesNotContain(KEY.substring(3, SecretSearch.MIN_BYTES))
          .endsWith("data: {\"type\":");
    }
  }

  @Test
  void otherStreamsPassAsTheyAreAndAreHeldNoLongerThanNeeded() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        String said = KEY.substring(0, random.nextInt(20)) + (random.nextBoolean() ? "" : ".");
        text.append(random.nextInt(8) == 0 ? "data: {broken" : delta(random.nextInt(2), said));
        text.append(random.nextInt(8) == 0 ? "\r\n: ping\r" : "");
      }
      byte[] stream = (text + delta(0, ".") + delta(1, ".")).getBytes(UTF_8);
      List<Integer> splits = new ArrayList<>();
      for (int at = random.nextInt(60); at < stream.length; at += 1 + random.nextInt(60)) {
        splits.add(at);
      }
      ByteArrayOutputStream to = new ByteArrayOutputStream();
      SpelledOut spelled = new SpelledOut(() -> SEARCH, to);
      int at = 0;
      for (int split : splits) {
        spelled.feed(stream, at, split - at);
        at = split;
      }
      spelled.feed(stream, at, stream.length - at);
      if (!spelled.altered()) {
        assertThat(spelled.holds()).as("round %d", round).isFalse();
        assertThat(to.toByteArray()).as("round %d", round).isEqualTo(stream);
      }
    }
  }

  @Test
  void whatIsHeldIsBounded() {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    SpelledOut spelled = new SpelledOut(() -> SEARCH, to);
    byte[] beginning = delta(0, "sk-ant-").getBytes(UTF_8);
    spelled.feed(beginning, 0, beginning.length);
    byte[] other = delta(1, "x".repeat(1000)).getBytes(UTF_8);
    long fed = beginning.length;
    for (int i = 0; i < 3000; i++) {
      spelled.feed(other, 0, other.length);
      fed += other.length;
    }
    assertThat(fed - to.size()).isLessThan(2 << 20);
    byte[] endless = "data: \"sk-ant-".getBytes(UTF_8);
    for (int i = 0; i < 60_000; i++) {
      spelled.feed(endless, 0, endless.length);
      fed += endless.length;
    }
    assertThat(fed - to.size()).isLessThan(512 << 10);
  }
}
