package dev.tapedeck.formats.cast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.fuzz.Input;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** What was put out comes back as the text that it is, wherever it was cut. */
public final class CastEncoderFuzz {

  private CastEncoderFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    int size = 1 + input.choice(20);
    byte[] output = input.rest();
    CastEncoder encoder = new CastEncoder();
    ByteArrayOutputStream cast = new ByteArrayOutputStream();
    encoder.header(CastHeader.of(80, 24)).writeTo(cast);
    long time = 0;
    for (byte[] piece : new Input(output).pieces(size)) {
      encoder.output(time++, piece, 0, piece.length).writeTo(cast);
    }
    encoder.flush(time).writeTo(cast);
    StringBuilder back = new StringBuilder();
    try (CastReader reader = new CastReader(new ByteArrayInputStream(cast.toByteArray()))) {
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        back.append(event.data());
      }
    }
    Input.same(new String(output, UTF_8), back.toString(), "put out, and read");
  }
}
