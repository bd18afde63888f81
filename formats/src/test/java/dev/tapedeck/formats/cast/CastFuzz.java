package dev.tapedeck.formats.cast;

import dev.tapedeck.formats.fuzz.Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A recording is read, as text too, or refused with the line; its times never go back. */
public final class CastFuzz {

  private CastFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    long printed = 0;
    CastText text = new CastText(80, (time, line) -> {});
    try (CastReader reader = new CastReader(new ByteArrayInputStream(bytes))) {
      long before = 0;
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        Input.check(event.time() >= before, "time goes back");
        before = event.time();
        text.event(event);
        Input.check(text.printed() >= printed, "less was printed than before");
        printed = text.printed();
      }
    } catch (CastFormatException e) {
      Input.check(e.line() >= 1 && !e.reason().isBlank(), "refused without line or reason");
    }
    text.end();
  }
}
