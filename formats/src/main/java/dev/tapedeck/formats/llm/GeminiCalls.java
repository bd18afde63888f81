package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A candidate's calls whose arguments are streamed: one call comes as several parts.
 *
 * <pre>
 *   {"name":..., "willContinue":true} --> {"partialArgs":[{"jsonPath":"$.a","stringValue":"..."}],
 *                                          "willContinue":true}* --> {}
 * </pre>
 */
final class GeminiCalls {

  private static final String CALL = "functionCall";

  /** One step of a path: a name, and perhaps an index. */
  private static final Pattern STEP =
      Pattern.compile("(?:\\.([^.\\[\\]]+)|\\[['\"]([^'\"]+)['\"]\\])(?:\\[([0-9]{1,6})\\])?");

  private final Budget budget;
  private @Nullable Draft open;

  GeminiCalls(Budget budget) {
    this.budget = budget;
  }

  /** Takes a part that begins or continues such a call; false if it is none. */
  boolean take(DraftList parts, Obj part) {
    Obj call = part.object(CALL);
    if (call == null) {
      return false;
    }
    boolean continues = new Bool(true).equals(call.get("willContinue"));
    Draft into = continued(call);
    if (into == null) {
      if (!continues && call.get("partialArgs") == null) {
        open = null;
        return false;
      }
      into = Draft.of(budget, new Obj());
      if (into == null) {
        return true;
      }
      parts.put(parts.next(), into);
    }
    add(into, part, call);
    open = continues ? into : null;
    return true;
  }

  /** The call that goes on; null if this is another. */
  private @Nullable Draft continued(Obj call) {
    Draft last = open;
    String name = call.string("name");
    boolean another =
        last != null
            && name != null
            && !name.isEmpty()
            && !name.equals(last.child(CALL).string("name"));
    return another ? null : last;
  }

  private void add(Draft into, Obj part, Obj call) {
    part.members()
        .forEach((name, value) -> {
          if (!name.equals(CALL)) {
            into.setUnlessNull(name, value);
          }
        });
    Draft whole = into.child(CALL);
    call.members()
        .forEach((name, value) -> {
          if (!name.equals("partialArgs") && !name.equals("willContinue")) {
            whole.setUnlessNull(name, value);
          }
        });
    Draft args = whole.child("args");
    for (Obj piece : Parts.objects(call.get("partialArgs"))) {
      if (!put(args, piece)) {
        whole.push("_deltas", piece);
      }
    }
  }

  /** Puts a piece where its path says; false if that is not understood. */
  private boolean put(Draft args, Obj piece) {
    String path = piece.string("jsonPath");
    Json value = value(piece);
    if (path == null || value == null || !path.startsWith("$")) {
      return false;
    }
    Matcher step = STEP.matcher(path).region(1, path.length());
    Draft at = args;
    while (step.lookingAt()) {
      String name = step.group(1) == null ? step.group(2) : step.group(1);
      long index = step.group(3) == null ? -1 : Long.parseLong(step.group(3));
      boolean last = step.end() == path.length();
      if (last) {
        assign(at, name, index, value);
        return true;
      }
      Draft next = index < 0 ? at.child(name) : element(at.list(name), index);
      if (next == null) {
        return false;
      }
      at = next;
      step.region(step.end(), path.length());
    }
    return false;
  }

  private @Nullable Draft element(DraftList list, long index) {
    Draft known = list.get(index);
    if (known != null) {
      return known;
    }
    Draft made = Draft.of(budget, new Obj());
    if (made != null) {
      list.put(index, made);
    }
    return made;
  }

  private static void assign(Draft at, String name, long index, Json value) {
    if (index >= 0) {
      Json before =
          at.view(name) instanceof Arr(List<Json> values) && index < values.size()
              ? values.get((int) index)
              : null;
      boolean grows = before instanceof Str && value instanceof Str;
      at.place(name, index, grows ? new Str(text(before) + text(value)) : value);
    } else if (value instanceof Str(String text)) {
      at.append(name, text);
    } else {
      at.set(name, value);
    }
  }

  private static String text(@Nullable Json value) {
    return value instanceof Str(String text) ? text : "";
  }

  private static @Nullable Json value(Obj piece) {
    if (piece.get("nullValue") != null) {
      return Null.NULL;
    }
    for (String name : new String[] {"stringValue", "numberValue", "boolValue"}) {
      Json value = piece.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
