package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Planted;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyRedactionTest {

  private static final String KEY = "sk-ant-api03-Planted/Key+0123456789==";
  private static final String MARK = RedactionMark.mark(KEY);
  private static final SecretSearch SEARCH = new SecretSearch(List.of(KEY));

  static Stream<String> codings() {
    return Stream.concat(Coded.CODINGS.stream(), Stream.of("zstd-raw"));
  }

  /** What is recorded of a body that comes in pieces. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Recorded(byte[] wire, byte[] plain, long missing) {

    static Recorded of(String coding, boolean events, SecretSearch search, List<byte[]> pieces) {
      BodyRedaction redaction =
          new BodyRedaction(
              1,
              Side.RESPONSE,
              Coded.name(coding),
              _ -> new BodyRedaction.Look(events, null),
              () -> search);
      List<HttpEvent> all = new ArrayList<>();
      for (byte[] piece : pieces) {
        all.addAll(
            redaction.body(
                new HttpEvent.Body(1, Side.RESPONSE, Bytes.of(piece), /* plain= */ false)));
      }
      all.addAll(redaction.end());
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      long missing = 0;
      for (HttpEvent event : all) {
        if (event instanceof HttpEvent.Missing lost) {
          missing += lost.bytes();
        } else if (event instanceof HttpEvent.Body body) {
          assertThat(body.plain() || plain.size() == 0).as("no wire after plain").isTrue();
          (body.plain() ? plain : wire).writeBytes(body.data().toArray());
        }
      }
      return new Recorded(wire.toByteArray(), plain.toByteArray(), missing);
    }

    /** What it stands for. */
    String text(String coding) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.writeBytes(BodyDecoder.decode(Coded.name(coding), wire, 1 << 20).bytes());
      text.writeBytes(plain);
      return text.toString(UTF_8);
    }
  }

  private static List<byte[]> split(byte[] bytes, int at) {
    return List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
  }

  private static List<byte[]> singly(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    for (byte each : bytes) {
      pieces.add(new byte[] {each});
    }
    return pieces;
  }

  private static void clean(Recorded recorded, String coding, String expected) {
    assertThat(recorded.text(coding)).isEqualTo(expected);
    assertThat(Planted.in(recorded.wire, KEY)).isEmpty();
    assertThat(Planted.in(recorded.plain, KEY)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("codings")
  void aSecretIsFoundWhereverTheBodyIsDivided(String coding) {
    String text = "{\"error\":\"no such key: %s, sorry\"} and once more: %s";
    byte[] body = Coded.whole(coding, text.formatted(KEY, KEY).getBytes(UTF_8));
    String expected = text.formatted(MARK, MARK);
    for (int at = 0; at <= body.length; at++) {
      clean(Recorded.of(coding, false, SEARCH, split(body, at)), coding, expected);
    }
    clean(Recorded.of(coding, false, SEARCH, singly(body)), coding, expected);
  }

  @ParameterizedTest
  @MethodSource("codings")
  void aBodyWithoutSecretsIsRecordedAsItWas(String coding) {
    String text = "data: {\"text\":\"sk-ant-ap\"}\n\ndata: {\"text\":\"s\"}\n\n: sk-ant\n\n";
    byte[] body = Coded.whole(coding, text.getBytes(UTF_8));
    for (boolean events : new boolean[] {true, false}) {
      for (int at = 0; at <= body.length; at++) {
        Recorded recorded = Recorded.of(coding, events, SEARCH, split(body, at));
        assertThat(recorded.wire).as("split at %d", at).isEqualTo(body);
        assertThat(recorded.plain).isEmpty();
      }
      assertThat(Recorded.of(coding, events, SEARCH, singly(body)).wire).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @MethodSource("codings")
  void ofABodyThatIsCutNoPieceOfTheSecretStays(String coding) {
    byte[] body = Coded.whole(coding, ("key: " + KEY + " end").getBytes(UTF_8));
    String piece = KEY.substring(0, SecretSearch.MIN_BYTES);
    for (int length = 0; length < body.length; length++) {
      Recorded recorded = Recorded.of(coding, false, SEARCH, List.of(Arrays.copyOf(body, length)));
      assertThat(recorded.text(coding)).as("cut at %d", length).doesNotContain(piece);
      assertThat(Planted.in(recorded.wire, piece)).as("cut at %d", length).isEmpty();
    }
  }

  @Test
  void everyWritingOfTheSecretIsFound() {
    byte[] utf8 = KEY.getBytes(UTF_8);
    Stream.of(
            KEY,
            KEY.replace("/", "\\/"),
            KEY.replace("+", "\\u002B").replace("=", "="),
            KEY.replace("+", "\\u002b"),
            "sk-ant-api03-Planted%2FKey%2B0123456789%3D%3D",
            "sk-ant-api03-Planted%2fKey%2b0123456789%3d%3d",
            java.util.HexFormat.of().formatHex(utf8),
            java.util.HexFormat.of().withUpperCase().formatHex(utf8),
            java.util.Base64.getEncoder().encodeToString(utf8),
            java.util.Base64.getUrlEncoder().encodeToString(("a" + KEY).getBytes(UTF_8)),
            java.util.Base64.getEncoder().encodeToString(("user:" + KEY + "!").getBytes(UTF_8)))
        .forEach(written -> {
          byte[] body = ("<" + written + ">").getBytes(UTF_8);
          for (int at = 0; at <= body.length; at++) {
            Recorded recorded = Recorded.of("", false, SEARCH, split(body, at));
            assertThat(recorded.text("")).contains(MARK);
            assertThat(Planted.in(recorded.text("").getBytes(UTF_8), KEY)).isEmpty();
          }
        });
  }

  @Test
  void whatCannotBeDecodedIsCountedAndNotKept() {
    byte[] body = ("not gzip at all, with " + KEY).getBytes(UTF_8);
    for (int at = 0; at <= body.length; at++) {
      Recorded recorded = Recorded.of("gzip", false, SEARCH, split(body, at));
      assertThat(Planted.in(recorded.wire, KEY)).isEmpty();
      assertThat(recorded.wire.length + recorded.missing).isEqualTo(body.length);
    }
    assertThat(Recorded.of("what-is-this", false, SEARCH, List.of(body)).missing)
        .isEqualTo(body.length);
  }

  @Test
  void bytesThatWereLeftOutDoNotHideTheBeginningOfASecret() {
    BodyRedaction redaction =
        new BodyRedaction(
            1, Side.RESPONSE, "", _ -> new BodyRedaction.Look(false, null), () -> SEARCH);
    String half = KEY.substring(0, 20);
    List<HttpEvent> events =
        new ArrayList<>(
            redaction.body(
                new HttpEvent.Body(1, Side.RESPONSE, Bytes.of(half.getBytes(UTF_8)), false)));
    events.addAll(
        redaction.missing(new HttpEvent.Missing(1, Side.RESPONSE, 17, "beyond", /* gap= */ true)));
    assertThat(events).hasSize(2);
    assertThat(new String(((HttpEvent.Body) events.getFirst()).data().toArray(), UTF_8))
        .isEqualTo(MARK);
  }

  @Test
  void secretsThatLookAlikeAreToldApart() {
    String longer = KEY + "-and-more";
    SecretSearch both = new SecretSearch(List.of(KEY, longer));
    byte[] body = (longer + " " + KEY + "-and-mode").getBytes(UTF_8);
    for (int at = 0; at <= body.length; at++) {
      assertThat(Recorded.of("", false, both, split(body, at)).text(""))
          .isEqualTo(RedactionMark.mark(longer) + " " + MARK + "-and-mode");
    }
  }

  @Test
  void aSecretWhoseEndMayBeginAnotherIsFound() {
    String other = "9==another-secret";
    SecretSearch both = new SecretSearch(List.of(KEY, other));
    byte[] body = ("is " + KEY + " and " + other).getBytes(UTF_8);
    for (int at = 0; at <= body.length; at++) {
      assertThat(Recorded.of("", false, both, split(body, at)).text(""))
          .isEqualTo("is " + MARK + " and " + RedactionMark.mark(other));
    }
  }

  @Test
  void randomBodiesInRandomPiecesAreCleanOrAsTheyWere() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      boolean planted = random.nextBoolean();
      for (int i = random.nextInt(40); i >= 0; i--) {
        text.append(random.nextBoolean() ? KEY.substring(0, random.nextInt(KEY.length())) : "ab");
        text.append(random.nextBoolean() ? " " : "");
        text.append(planted && random.nextInt(10) == 0 ? KEY : "");
      }
      List<String> codings = codings().toList();
      String coding = codings.get(random.nextInt(codings.size()));
      byte[] body = Coded.whole(coding, text.toString().getBytes(UTF_8));
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < body.length; ) {
        int length = Math.min(body.length - at, 1 + random.nextInt(50));
        pieces.add(Arrays.copyOfRange(body, at, at + length));
        at += length;
      }
      Recorded recorded = Recorded.of(coding, random.nextBoolean(), SEARCH, pieces);
      String expected = text.toString().replace(KEY, MARK);
      assertThat(Planted.in(recorded.wire, KEY)).as("seed %d", seed).isEmpty();
      // A beginning of the secret at the end is taken for one.
      assertThat(expected)
          .as("seed %d", seed)
          .startsWith(recorded.text(coding).replaceFirst("REDACTED-sha256-[0-9a-f]{12}$", ""));
    }
  }
}
