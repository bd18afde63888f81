package dev.tapedeck.formats.har;

import dev.tapedeck.formats.fuzz.Input;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A file is read or refused. */
public final class HarFuzz {

  private HarFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    try (HarReader reader = HarReader.of(new ByteArrayInputStream(bytes))) {
      int index = 0;
      for (HarReader.Item item = reader.next(); item != null; item = reader.next()) {
        Input.same(index++, item.index(), "numbered in order");
        Input.check(bytes[(int) item.offset()] == '{', "no entry at offset " + item.offset());
      }
    } catch (HarFormatException e) {
      Input.check(!String.valueOf(e.getMessage()).isBlank(), "refused without a word");
    }
  }
}
