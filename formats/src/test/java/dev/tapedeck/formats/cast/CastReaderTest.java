package dev.tapedeck.formats.cast;

import static dev.tapedeck.formats.cast.Casts.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CastReaderTest {

  private static final String V2 = "{\"version\": 2, \"width\": 80, \"height\": 24}\n";
  private static final String V3 = "{\"version\": 3, \"term\": {\"cols\": 80, \"rows\": 24}}\n";

  private static CastFormatException refusal(String cast) {
    CastFormatException refusal =
        catchThrowableOfType(CastFormatException.class, () -> Casts.read(cast));
    assertThat(refusal).as("refusal of %s", cast).isNotNull();
    return refusal;
  }

  @Test
  void unknownCodesAreKeptInBothVersions() throws IOException {
    CastCode unknown = new CastCode.Unknown("zz");
    for (String header : new String[] {V2, V3}) {
      assertThat(Casts.read(header + "[1, \"zz\", \"?\"]\n").events())
          .containsExactly(new CastEvent(Casts.SECOND, unknown, "?"));
    }
  }

  @Test
  void exitAndMarkerAreReadInVersion2() throws IOException {
    assertThat(Casts.read(V2 + "[1, \"m\", \"\"]\n[2, \"x\", \"0\"]\n").events())
        .extracting(CastEvent::code)
        .containsExactly(CastCode.Known.MARKER, CastCode.Known.EXIT);
  }

  @Test
  void commentsAreForVersion3AndNotForItsFirstLine() throws IOException {
    assertThat(Casts.read(V3 + "# a\n[1, \"o\", \"a\"]\n#").events()).hasSize(1);
    assertThat(refusal(V2 + "# a\n").line()).isEqualTo(2);
    assertThat(refusal("# a\n" + V3).line()).isEqualTo(1);
  }

  @Test
  void windowsLineEndsAreBlanks() throws IOException {
    String cast = (V2 + "\n[1, \"o\", \"a\"]\n \t \n").replace("\n", "\r\n");
    assertThat(Casts.read(cast).events()).containsExactly(output(1, "a"));
  }

  @Test
  void timesOfVersion2NeverFall() throws IOException {
    assertThat(Casts.read(V2 + "[2, \"o\", \"a\"]\n[1, \"o\", \"b\"]\n").events())
        .containsExactly(output(2, "a"), output(2, "b"));
  }

  @Test
  void timesAreExactToTheNanosecond() throws IOException {
    assertThat(Casts.read(V2 + "[8999999998.123456789012, \"o\", \"a\"]\n").events().getFirst())
        .isEqualTo(new CastEvent(8_999_999_998_123_456_789L, CastCode.Known.OUTPUT, "a"));
    assertThat(Casts.read(V2 + "[1.5e1, \"o\", \"a\"]\n").events().getFirst().time())
        .isEqualTo(15 * Casts.SECOND);
    assertThat(Casts.read(V2 + "[1e-999999999, \"o\", \"a\"]\n").events().getFirst().time())
        .isZero();
  }

  @Test
  void numbersAndBooleansInTheEnvironmentAreTheirText() throws IOException {
    String cast =
        "{\"version\": 2, \"width\": 0, \"height\": 0, \"what\": [{}], \"env\":"
            + " {\"N\": 1.50, \"T\": true, \"Z\": null, \"S\": \"s\"}}\n";
    assertThat(Casts.read(cast).header().env())
        .containsOnly(
            org.assertj.core.api.Assertions.entry("N", "1.50"),
            org.assertj.core.api.Assertions.entry("T", "true"),
            org.assertj.core.api.Assertions.entry("S", "s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "[]\n",
        "{}\n",
        "null\n",
        "{\"version\": 1, \"width\": 80, \"height\": 24}\n",
        "{\"version\": 4, \"width\": 80, \"height\": 24}\n",
        "{\"version\": \"2\", \"width\": 80, \"height\": 24}\n",
        "{\"version\": 2, \"width\": 80}\n",
        "{\"version\": 2, \"width\": -80, \"height\": 24}\n",
        "{\"version\": 2, \"width\": 80.5, \"height\": 24}\n",
        "{\"version\": 2, \"width\": 65536, \"height\": 24}\n",
        "{\"version\": 2, \"width\": 1e999999999, \"height\": 24}\n",
        "{\"version\": 2, \"width\": 80, \"height\": 24, \"env\": []}\n",
        "{\"version\": 2, \"width\": 80, \"height\": 24, \"env\": {\"a\": {}}}\n",
        "{\"version\": 2, \"width\": 80, \"height\": 24, \"duration\": -1}\n",
        "{\"version\": 2, \"width\": 80, \"height\": 24, \"title\": 5}\n",
        "{\"version\": 3, \"width\": 80, \"height\": 24}\n",
        "{\"version\": 3, \"term\": {\"cols\": 80}}\n",
        "{\"version\": 3, \"term\": \"xterm\"}\n",
        "{\"version\": 2, \"width\": 80, \"height\": 24} x\n",
        "{\"version\": 2, \"width\": 80, \"he",
      })
  void badHeadersAreRefusedAtLine1(String cast) {
    assertThat(refusal(cast).line()).isEqualTo(1);
    assertThat(refusal(cast)).hasMessageStartingWith("line 1: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|[time, code, data]",
        "[1, \"o\"]|[time, code, data]",
        "[1, \"o\", \"a\", 2]|[time, code, data]",
        "{}|[time, code, data]",
        "[1, \"o\", \"a\"] []|more follows",
        "[1, \"\", \"a\"]|code",
        "[1, null, \"a\"]|code",
        "[\"1\", \"o\", \"a\"]|no number",
        "[-0.1, \"o\", \"a\"]|negative",
        "[NaN, \"o\", \"a\"]|no JSON",
        "[1e999999999, \"o\", \"a\"]|too late",
        "[9000000000, \"o\", \"a\"]|too late",
        "[1, \"r\", \"80\"]|COLSxROWS",
        "[1, \"r\", \"80x99999\"]|COLSxROWS",
        "[1, \"r\", \"٨x٢\"]|COLSxROWS",
        "[1, \"o\", \"a\tb\"]|no JSON at character 12",
        "[1, \"o\", a]|no JSON",
        "'[1, ''o'', ''a'']'|no JSON",
        "# comment|no JSON",
      })
  void badEventsAreRefusedAtTheirLine(String line, String reason) {
    CastFormatException refusal = refusal(V2 + "\n" + line + "\n[9, \"o\", \"z\"]\n");
    assertThat(refusal.line()).isEqualTo(3);
    assertThat(refusal).hasMessageStartingWith("line 3: ").hasMessageContaining(reason);
    assertThat(refusal.cutOff()).isFalse();
  }

  @Test
  void exitStatusOfVersion3IsANumber() throws IOException {
    assertThat(Casts.read(V3 + "[1, \"x\", \"-1\"]\n").events()).hasSize(1);
    assertThat(refusal(V3 + "[1, \"x\", \"done\"]\n")).hasMessageContaining("exit status");
    assertThat(Casts.read(V2 + "[1, \"x\", \"done\"]\n").events()).hasSize(1);
  }

  @Test
  void intervalsThatSumToTooMuchAreRefused() {
    String far = "[8999999998, \"o\", \"a\"]\n";
    assertThat(refusal(V3 + far + far))
        .hasMessage("line 3: lies too late; a recording may last 9000000000 seconds");
  }

  @Test
  void aLastLineThatIsCutOffIsRefusedAsSuch() {
    String whole = V2 + "[1, \"o\", \"a\"]\n[2, \"o\", \"żółć\"]";
    byte[] bytes = Casts.utf8(whole);
    int lastLine = Casts.utf8(V2).length + 14;
    for (int end = lastLine + 1; end < bytes.length - 1; end++) {
      byte[] cut = Arrays.copyOf(bytes, end);
      CastFormatException refusal =
          catchThrowableOfType(CastFormatException.class, () -> Casts.read(cut));
      assertThat(refusal.cutOff()).isTrue();
      assertThat(refusal)
          .hasMessage(
              "line 3: is cut off: the file ends inside it; an event is [time, code, data]");
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedWithTheirPlace() {
    byte[] bytes = Casts.utf8(V2 + "[1, \"o\", \"_\"]\n");
    bytes[bytes.length - 4] = (byte) 0xFF;
    assertThatThrownBy(() -> Casts.read(bytes))
        .isInstanceOf(CastFormatException.class)
        .hasMessageStartingWith("line 2: cannot be read: it is no UTF-8 at byte 11;");
  }

  @Test
  void aLineThatIsTooLongIsRefusedBeforeItIsRead() throws IOException {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) 'a');
            return length;
          }
        };
    InputStream in = new SequenceInputStream(new ByteArrayInputStream(Casts.utf8(V2)), endless);
    try (CastReader reader = new CastReader(in)) {
      assertThatThrownBy(reader::next)
          .isInstanceOf(CastFormatException.class)
          .hasMessage("line 2: is too long; a line may have 16777216 bytes");
    }
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(refusal("{\"a\": " + "[".repeat(100_000) + "\n").line()).isEqualTo(1);
  }

  @Test
  void readingIsLazyAndInAnySizeOfPieces() throws IOException {
    StringBuilder cast = new StringBuilder(V2);
    for (int i = 0; i < 5000; i++) {
      cast.append("[").append(i).append(", \"o\", \"").append("é".repeat(i % 700)).append("\"]\n");
    }
    Random random = new Random(3);
    byte[] bytes = Casts.utf8(cast.toString());
    InputStream dribble =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, random.nextInt(1, 5000)));
          }
        };
    try (CastReader reader = new CastReader(dribble)) {
      for (int i = 0; i < 5000; i++) {
        CastEvent event = reader.next();
        assertThat(event.time()).isEqualTo(i * Casts.SECOND);
        assertThat(event.data().length()).isEqualTo(i % 700);
        assertThat(reader.line()).isEqualTo(i + 2L);
      }
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void readingGoesOnAfterARefusedLine() throws IOException {
    byte[] bytes = Casts.utf8(V2 + "lol!\n[1, \"o\", \"a\"]\n");
    try (CastReader reader = new CastReader(new ByteArrayInputStream(bytes))) {
      assertThatThrownBy(reader::next).isInstanceOf(CastFormatException.class);
      assertThat(reader.next()).isEqualTo(output(1, "a"));
    }
  }
}
