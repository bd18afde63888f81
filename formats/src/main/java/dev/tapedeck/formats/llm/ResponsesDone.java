package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event says is done, over what its deltas built. Some servers send the last events without
 * the text that they stand for, or without some of the items: an empty text replaces none, and what
 * is left out stays.
 */
final class ResponsesDone {

  /** What deltas build, in an item and in a part. */
  private static final Set<String> BUILT =
      Set.of(
          "text",
          "refusal",
          "arguments",
          "input",
          "code",
          "annotations",
          "content",
          "summary",
          "partial_image_b64");

  private ResponsesDone() {}

  /** What is done, with what was built where it says nothing. */
  static Obj over(Obj built, Obj done) {
    Obj whole = new Obj();
    done.members()
        .forEach((name, value) -> {
          Json before = BUILT.contains(name) ? built.get(name) : null;
          whole.put(name, before == null ? value : longer(name, before, value));
        });
    built
        .members()
        .forEach((name, value) -> {
          if (BUILT.contains(name) && whole.get(name) == null && !isEmpty(value)) {
            // The last picture before the whole one is not part of it.
            if (!name.equals("partial_image_b64") || whole.get("result") == null) {
              whole.put(name, value);
            }
          }
        });
    return whole;
  }

  private static Json longer(String name, Json before, Json value) {
    if (isEmpty(value)) {
      return isEmpty(before) ? value : before;
    }
    boolean parts = name.equals("content") || name.equals("summary");
    return parts && isParts(before) && isParts(value)
        ? merged(Parts.objects(before), Parts.objects(value))
        : value;
  }

  /** Parts that are done over those that were built; one that is left out stays in its place. */
  private static Arr merged(List<Obj> built, List<Obj> done) {
    int[] matches = matches(built, done);
    Json[] whole = new Json[built.size()];
    built.toArray(whole);
    Arr more = new Arr();
    for (int i = 0; i < matches.length; i++) {
      if (matches[i] < 0) {
        more.add(done.get(i));
      } else {
        whole[matches[i]] = over(built.get(matches[i]), done.get(i));
      }
    }
    Arr all = new Arr();
    Arrays.stream(whole).forEach(all::add);
    more.values().forEach(all::add);
    return all;
  }

  private static boolean isParts(Json value) {
    return value instanceof Arr(List<Json> values)
        && values.stream().allMatch(each -> each instanceof Obj);
  }

  private static boolean isEmpty(Json value) {
    return value instanceof Null
        || (value instanceof Str(String text) && text.isEmpty())
        || (value instanceof Arr(List<Json> values) && values.isEmpty());
  }

  /**
   * Which of those that were built each of those that are done is; -1 for one that is new. By their
   * ids; where a server gives other ids at the end, by their types, in order.
   */
  static int[] matches(List<Obj> built, List<Obj> done) {
    int[] matches = new int[done.size()];
    Arrays.fill(matches, -1);
    boolean[] taken = new boolean[built.size()];
    for (String name : new String[] {"id", "call_id", "type"}) {
      Map<String, Deque<Integer>> places = new HashMap<>();
      for (int j = 0; j < taken.length; j++) {
        String key = taken[j] ? null : built.get(j).string(name);
        if (key != null) {
          places.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(j);
        }
      }
      for (int i = 0; i < matches.length; i++) {
        String key = matches[i] >= 0 ? null : done.get(i).string(name);
        Deque<Integer> of = key == null ? null : places.get(key);
        if (of != null && !of.isEmpty() && maySame(built.get(of.element()), done.get(i))) {
          matches[i] = of.remove();
          taken[matches[i]] = true;
        }
      }
    }
    return matches;
  }

  /** Two calls are never one. */
  private static boolean maySame(Obj built, Obj done) {
    return !differs(built.string("call_id"), done.string("call_id"))
        && !differs(built.string("type"), done.string("type"));
  }

  private static boolean differs(@Nullable String one, @Nullable String other) {
    return one != null && other != null && !one.equals(other);
  }
}
