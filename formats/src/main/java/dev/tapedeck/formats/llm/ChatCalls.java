package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json.Obj;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which call of a choice a delta belongs to. Servers number their calls, or give each an id, or do
 * neither; some number all of them 0.
 */
final class ChatCalls {

  private final Budget budget;
  private final Map<Long, Draft> byIndex = new HashMap<>();
  private final Map<String, Draft> byId = new HashMap<>();
  private @Nullable Draft last;

  ChatCalls(Budget budget) {
    this.budget = budget;
  }

  /** The call, a new one if need be; null if there is no room for it. */
  @Nullable Draft of(DraftList calls, Obj delta) {
    OptionalLong index = delta.integer("index");
    String id = delta.string("id");
    Draft before = last;
    Draft call = index.isPresent() ? byIndex.get(index.getAsLong()) : null;
    if (id != null && !id.isEmpty()) {
      call = call != null && isFree(call, id) ? call : byId.get(id);
    } else if (index.isEmpty()) {
      // Without either, only a name says that another call begins.
      call = before != null && hasName(delta.object("function")) && named(before) ? null : before;
    }
    if (call == null) {
      call = begin(calls, index);
    }
    if (call != null) {
      if (index.isPresent()) {
        byIndex.put(index.getAsLong(), call);
      }
      if (id != null && !id.isEmpty()) {
        byId.put(id, call);
      }
      last = call;
    }
    return call;
  }

  private @Nullable Draft begin(DraftList calls, OptionalLong index) {
    Draft call = Draft.of(budget, new Obj());
    if (call != null) {
      long place = index.orElse(calls.next());
      calls.put(calls.get(place) == null ? place : calls.next(), call);
    }
    return call;
  }

  /** Whether a call has that id, or none yet. */
  private static boolean isFree(Draft call, String id) {
    String known = call.string("id");
    return known == null || known.isEmpty() || known.equals(id);
  }

  private static boolean named(Draft call) {
    return call.view("function") instanceof Obj function && hasName(function);
  }

  private static boolean hasName(@Nullable Obj function) {
    String name = function == null ? null : function.string("name");
    return name != null && !name.isEmpty();
  }
}
