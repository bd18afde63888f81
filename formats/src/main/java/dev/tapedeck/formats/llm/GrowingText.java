package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Str;

/** A string that grows. */
final class GrowingText extends Growing {

  private final StringBuilder text;

  GrowingText(String begin) {
    text = new StringBuilder(begin);
  }

  void append(String more) {
    text.append(more);
    changed();
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  Json make() {
    return new Str(text.toString());
  }
}
