package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object that is being put together: members are set, strings and arrays in it grow. Keeps the
 * order in which members came. What finds no room in the budget is left out.
 */
final class Draft extends Growing {

  /** What a draft takes beside its members, about. */
  private static final int DRAFT_BYTES = 256;

  private final Budget budget;

  /** The members; {@link Null} holds the place of one that grows. */
  private final Map<String, Json> members = new LinkedHashMap<>();

  private final Map<String, Growing> growing = new LinkedHashMap<>(4);

  /** An empty object. */
  Draft(Budget budget) {
    this.budget = budget;
  }

  /** An object that begins as another; null if there is no room for it. */
  static @Nullable Draft of(Budget budget, Obj begin) {
    if (!budget.content(DRAFT_BYTES + Budget.weight(begin))) {
      return null;
    }
    Draft draft = new Draft(budget);
    draft.members.putAll(begin.members());
    return draft;
  }

  /** The member if it is set and does not grow, else null. */
  @Nullable Json get(String name) {
    return growing.containsKey(name) ? null : members.get(name);
  }

  /** The member if it is a string that does not grow, else null. */
  @Nullable String string(String name) {
    return get(name) instanceof Str(String value) ? value : null;
  }

  /** The member so far, growing or not; null if there is none. */
  @Nullable Json view(String name) {
    Growing part = growing.get(name);
    return part == null ? members.get(name) : part.view();
  }

  /** The member if it is a string, growing or not; else null. */
  @Nullable String text(String name) {
    return view(name) instanceof Str(String value) ? value : null;
  }

  Set<String> names() {
    return members.keySet();
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  void set(String name, Json value) {
    if (budget.fact(Budget.weight(value) + name.length())) {
      growing.remove(name);
      members.put(name, value);
      changed();
    }
  }

  /** Sets a member unless it would lose something by it: null never wins over what is there. */
  void setUnlessNull(String name, Json value) {
    if (!(value instanceof Null) || !has(name)) {
      set(name, value);
    }
  }

  void remove(String name) {
    growing.remove(name);
    members.remove(name);
    changed();
  }

  /** Appends to a string; what is there of another type gives way. */
  void append(String name, String text) {
    if (!budget.content(text.length())) {
      return;
    }
    growingText(name).append(text);
  }

  /** Appends to an array; what is there of another type gives way. */
  void push(String name, Json value) {
    if (budget.content(Budget.weight(value))) {
      array(name).add(value);
    }
  }

  /** As {@link #push}, at an index if something is there. */
  void place(String name, long index, Json value) {
    if (budget.content(Budget.weight(value))) {
      array(name).set(index, value);
    }
  }

  private GrowingText growingText(String name) {
    if (growing.get(name) instanceof GrowingText text) {
      return text;
    }
    return grow(name, new GrowingText(members.get(name) instanceof Str(String begin) ? begin : ""));
  }

  private GrowingArray array(String name) {
    if (growing.get(name) instanceof GrowingArray array) {
      return array;
    }
    return grow(
        name,
        new GrowingArray(members.get(name) instanceof Arr(List<Json> begin) ? begin : List.of()));
  }

  /** The object under a name, made if need be. */
  Draft child(String name) {
    if (growing.get(name) instanceof Draft draft) {
      return draft;
    }
    Draft draft = new Draft(budget);
    if (members.get(name) instanceof Obj(Map<String, Json> begin)) {
      draft.members.putAll(begin);
    }
    return grow(name, draft);
  }

  /** The array of objects under a name, made if need be. */
  DraftList list(String name) {
    if (growing.get(name) instanceof DraftList list) {
      return list;
    }
    DraftList list = new DraftList();
    if (members.get(name) instanceof Arr(List<Json> begin)) {
      for (Json each : begin) {
        if (each instanceof Obj(Map<String, Json> object)) {
          Draft draft = new Draft(budget);
          draft.members.putAll(object);
          list.put(list.next(), draft);
        }
      }
    }
    return grow(name, list);
  }

  /** Takes a list as a member, if it is not one yet. */
  void adopt(String name, DraftList list) {
    if (growing.get(name) != list) {
      grow(name, list);
    }
  }

  private <T extends Growing> T grow(String name, T part) {
    part.under(this);
    growing.put(name, part);
    members.put(name, Null.NULL);
    changed();
    return part;
  }

  /** The object so far: see {@link #view}. */
  Obj object() {
    return (Obj) view();
  }

  @Override
  Obj make() {
    Obj object = new Obj(LinkedHashMap.newLinkedHashMap(members.size()));
    members.forEach((name, value) -> {
      Growing part = growing.get(name);
      object.put(name, part == null ? value : part.view());
    });
    return object;
  }
}
