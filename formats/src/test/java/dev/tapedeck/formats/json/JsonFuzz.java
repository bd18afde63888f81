package dev.tapedeck.formats.json;

import dev.tapedeck.formats.fuzz.Input;

/** What is JSON is written as it was read, and what is none is refused. */
public final class JsonFuzz {

  private JsonFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Json read;
    try {
      read = Json.parse(bytes);
    } catch (JsonException e) {
      Input.check(Json.tryParse(bytes, 0, bytes.length).isEmpty(), "refused and not");
      return;
    }
    try {
      Input.same(read, Json.parse(read.text()), "read, and read again");
    } catch (JsonException e) {
      throw new AssertionError("what was written is no JSON: " + read, e);
    }
  }
}
