package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import java.util.ArrayList;
import java.util.List;

/** An array of finished values that grows. */
final class GrowingArray extends Growing {

  private final List<Json> values;

  GrowingArray(List<Json> begin) {
    values = new ArrayList<>(begin);
  }

  void add(Json value) {
    values.add(value);
    changed();
  }

  /** Sets the value at an index; one beyond the end is added there. */
  void set(long index, Json value) {
    if (index >= 0 && index < values.size()) {
      values.set((int) index, value);
      changed();
    } else {
      add(value);
    }
  }

  @Override
  Json make() {
    return new Arr(new ArrayList<>(values));
  }
}
