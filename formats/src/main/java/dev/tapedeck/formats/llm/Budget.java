package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.List;
import java.util.Map;

/** How much memory a message may still take, about, so that a stream without end is bounded. */
final class Budget {

  /** What a value takes beside its text: the object, its header and the reference to it, about. */
  private static final int VALUE_BYTES = 64;

  /** Kept back for facts that come at the end: usage, the reason for stopping. */
  private static final int RESERVE_BYTES = 1024 * 1024;

  private static final int MAX_FACT_BYTES = 16 * 1024;

  private long left;
  private long reserve = RESERVE_BYTES;
  private boolean exceeded;

  Budget(long bytes) {
    this.left = bytes;
  }

  /** Whether there is room for so much more of the message; if so it is taken. */
  boolean content(long bytes) {
    if (bytes > left) {
      exceeded = true;
      return false;
    }
    left -= bytes;
    return true;
  }

  /** As {@link #content}; small ones find room after the content found none. */
  boolean fact(long bytes) {
    if (content(bytes)) {
      return true;
    }
    if (bytes > MAX_FACT_BYTES || bytes > reserve) {
      return false;
    }
    reserve -= bytes;
    return true;
  }

  /** Whether something found no room. */
  boolean exceeded() {
    return exceeded;
  }

  /** What a value takes, about. */
  static long weight(Json value) {
    return switch (value) {
      case Obj(Map<String, Json> members) -> {
        long sum = VALUE_BYTES;
        for (Map.Entry<String, Json> member : members.entrySet()) {
          sum += VALUE_BYTES + member.getKey().length() + weight(member.getValue());
        }
        yield sum;
      }
      case Arr(List<Json> values) -> {
        long sum = VALUE_BYTES;
        for (Json each : values) {
          sum += weight(each);
        }
        yield sum;
      }
      case Str(String text) -> VALUE_BYTES + text.length();
      case Num(String text) -> VALUE_BYTES + text.length();
      case Bool _, Null _ -> VALUE_BYTES;
    };
  }
}
