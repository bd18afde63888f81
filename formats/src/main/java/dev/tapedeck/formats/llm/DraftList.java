package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects that grow, each at an index that the API gave it. Their array is sorted, without gaps.
 */
final class DraftList extends Growing {

  private final TreeMap<Long, Draft> drafts = new TreeMap<>();

  /** The draft that was asked for last: most events are for the same one as the event before. */
  private @Nullable Draft last;

  private long lastIndex;

  @Nullable Draft get(long index) {
    if (last != null && lastIndex == index) {
      return last;
    }
    Draft found = drafts.get(index);
    if (found != null) {
      last = found;
      lastIndex = index;
    }
    return found;
  }

  void put(long index, Draft draft) {
    draft.under(this);
    drafts.put(index, draft);
    last = draft;
    lastIndex = index;
    changed();
  }

  /** The index after the highest. */
  long next() {
    return drafts.isEmpty() ? 0 : Math.max(drafts.lastKey(), -1) + 1;
  }

  /** The last one, or null if there is none. */
  @Nullable Draft latest() {
    return drafts.isEmpty() ? null : drafts.lastEntry().getValue();
  }

  @Nullable Draft find(Predicate<Draft> which) {
    for (Draft each : drafts.values()) {
      if (which.test(each)) {
        return each;
      }
    }
    return null;
  }

  /** The drafts with their indexes, as they are now. */
  List<Map.Entry<Long, Draft>> entries() {
    return List.copyOf(drafts.entrySet());
  }

  Iterable<Draft> all() {
    return drafts.values();
  }

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  @Override
  Json make() {
    Arr array = new Arr();
    drafts.values().forEach(each -> array.add(each.view()));
    return array;
  }
}
