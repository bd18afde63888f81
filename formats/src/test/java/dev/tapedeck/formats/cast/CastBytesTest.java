package dev.tapedeck.formats.cast;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cast says is what was written, byte for byte. */
class CastBytesTest {

  private static final CastEncoder.Keeping ALL = (_, _) -> true;

  private final CastEncoder encoder = new CastEncoder(ALL, ALL, ALL);
  private final ByteArrayOutputStream cast = new ByteArrayOutputStream();

  private void header() throws IOException {
    encoder.header(CastHeader.of(80, 24)).writeTo(cast);
  }

  /** What was written in one direction, put together again. */
  private byte[] written(CastCode code) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    CastBytes bytes = new CastBytes();
    for (CastEvent event : Casts.read(cast.toByteArray()).events()) {
      byte[] some = bytes.of(event);
      if (event.code().equals(code)) {
        all.writeBytes(some);
      }
    }
    return all.toByteArray();
  }

  @Test
  void oddByteIsShownAsReplacementAndKeptBeforeIt() throws Exception {
    byte[] latin = "caf\u00e9\n".getBytes(ISO_8859_1);
    assertThat(encoder.output(1_500_000_000, latin, 0, latin.length).text())
        .isEqualTo("[1.500000, \"b\", \"Y2Fm6Qo=\"]\n[1.500000, \"o\", \"caf\ufffd\\n\"]\n");
  }

  @Test
  void textAloneIsAsItAlwaysWas() throws Exception {
    byte[] text = "caf\u00e9 \u0000\u001b[m\u000f\n".getBytes(UTF_8);
    assertThat(encoder.output(0, text, 0, text.length).text())
        .isEqualTo("[0.000000, \"o\", \"caf\u00e9 \\u0000\\u001b[m\\u000f\\n\"]\n");
  }

  @Test
  void bytesThatAreNotShownHaveAnEmptyText() throws Exception {
    byte[] bytes = Casts.bytes(0, 255, 0, 254);
    assertThat(encoder.inputBytes(0, bytes, 0, 4).text())
        .isEqualTo("[0.000000, \"b\", \"AP8A/g==\"]\n[0.000000, \"i\", \"\"]\n");
  }

  @Test
  void characterThatIsCutOffByTheEndIsKept() throws Exception {
    header();
    encoder.output(0, Casts.bytes('a', 0xE2, 0x82), 0, 3).writeTo(cast);
    encoder.exit(1, 0).writeTo(cast);
    assertThat(written(CastCode.Known.OUTPUT)).containsExactly('a', 0xE2, 0x82);
  }

  @Test
  void foreignEventOfTheSameCodeChangesNothing() throws Exception {
    header();
    cast.writeBytes("[0, \"b\", \"no base64!\"]\n[0, \"o\", \"text\"]\n".getBytes(UTF_8));
    assertThat(written(CastCode.Known.OUTPUT)).asString(UTF_8).isEqualTo("text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KOI8-R", "GBK", "Shift_JIS", "UTF-16LE"})
  void textOfAnyEncodingComesBack(String charset) throws Exception {
    byte[] text =
        "\u043f\u0430\u0440\u043e\u043b\u044c secret\n".getBytes(Charset.forName(charset));
    header();
    for (int at = 0; at < text.length; at++) {
      encoder.output(at, text, at, 1).writeTo(cast);
    }
    encoder.exit(0, 0).writeTo(cast);
    assertThat(written(CastCode.Known.OUTPUT)).isEqualTo(text);
  }

  @Test
  void anyBytesInAnyPiecesAndDirectionsComeBackInOrder() throws Exception {
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      oneRound(random, new CastEncoder(ALL, ALL, ALL));
    }
  }

  private void oneRound(Random random, CastEncoder fresh) throws IOException {
    cast.reset();
    fresh.header(CastHeader.of(80, 24)).writeTo(cast);
    List<ByteArrayOutputStream> sent =
        List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      byte[] piece = Casts.terminalBytes(random, random.nextInt(4));
      pieces.add(random.nextInt(8) == 0 ? new byte[] {(byte) random.nextInt(256)} : piece);
    }
    for (byte[] piece : pieces) {
      boolean input = random.nextBoolean();
      boolean shown = random.nextInt(3) > 0;
      sent.get(input ? 1 : 0).writeBytes(piece);
      CastLine line =
          input
              ? shown
                  ? fresh.input(0, piece, 0, piece.length)
                  : fresh.inputBytes(0, piece, 0, piece.length)
              : shown
                  ? fresh.output(0, piece, 0, piece.length)
                  : fresh.outputBytes(0, piece, 0, piece.length);
      line.writeTo(cast);
    }
    fresh.exit(0, 0).writeTo(cast);
    assertThat(written(CastCode.Known.OUTPUT)).isEqualTo(sent.get(0).toByteArray());
    assertThat(written(CastCode.Known.INPUT)).isEqualTo(sent.get(1).toByteArray());
  }
}
