package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.List;
import java.util.Map;

/**
 * Where an SDK's message differs from ours on purpose: made alike, so that the rest is compared.
 */
public final class Divergence {

  private Divergence() {}

  /** The SDKs read numbers of tools' inputs and the like as doubles; we keep them as written. */
  public static Json numbersAsDoubles(Json value) {
    return switch (value) {
      case Num(String text) -> new Num(Double.toString(Double.parseDouble(text)));
      case Obj(Map<String, Json> members) -> {
        Obj object = new Obj();
        members.forEach((name, each) -> object.put(name, numbersAsDoubles(each)));
        yield object;
      }
      case Arr(List<Json> values) -> {
        Arr array = new Arr();
        values.forEach(each -> array.add(numbersAsDoubles(each)));
        yield array;
      }
      case Json.Str _, Json.Bool _, Json.Null _ -> value;
    };
  }

  /** The SDK adds {@code refusal: null} and {@code tool_calls: []}, which no server sent. */
  public static Json withoutInventedMembers(Json completion) {
    Json copy = completion.copy();
    if (copy instanceof Obj object) {
      for (Obj choice : Parts.objects(object.get("choices"))) {
        Obj message = choice.object("message");
        if (message != null) {
          message.members().remove("refusal", Json.Null.NULL);
          message.members().remove("tool_calls", new Arr());
        }
      }
    }
    return copy;
  }

  /** The output as it was gathered, where the terminal event has none. */
  public static Json withGatheredOutput(Json response, Json gathered) {
    Json copy = response.copy();
    if (copy instanceof Obj object
        && gathered instanceof Obj before
        && new Arr().equals(object.get("output"))) {
      Arr output = before.array("output");
      object.put("output", output == null ? new Arr() : output);
    }
    return copy;
  }

  /** The SDK leaves a summary empty, and a call in progress, until its item is done. */
  public static Json withoutSummariesAndStates(Json response) {
    Json copy = response.copy();
    if (copy instanceof Obj object) {
      for (Obj item : Parts.objects(object.get("output"))) {
        item.members().remove("summary");
        if (String.valueOf(item.string("type")).endsWith("_call")) {
          item.members().remove("status");
        }
      }
    }
    return copy;
  }
}
