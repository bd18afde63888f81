package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes the lines of Ollama's {@code /api/chat} and {@code /api/generate}. */
final class OllamaScript {

  private final List<Streams.Event> events = new ArrayList<>();
  private final Words words;

  OllamaScript(long seed) {
    words = new Words(new Random(seed));
  }

  List<Streams.Event> chat() {
    if (words.chance(1, 3)) {
      for (String piece : words.pieces(words.text(10))) {
        said(message("").put("thinking", piece));
      }
    }
    for (String piece : words.pieces(words.text(30))) {
      said(words.chance(1, 9) ? message(piece).put("images", Null.NULL) : message(piece));
    }
    for (int calls = words.number(3); calls > 0; calls--) {
      Obj function = new Obj().put("name", "run").put("arguments", Wire.json(words.input()));
      Obj call = new Obj().put("id", words.id("call_")).put("function", function);
      said(message("").put("tool_calls", new Arr().add(call)));
    }
    add(end(line().put("message", message("")), "stop"));
    return List.copyOf(events);
  }

  List<Streams.Event> generate() {
    for (String piece : words.pieces(words.text(30))) {
      add(line().put("response", piece).put("done", false));
    }
    Arr context = new Arr().add(Json.Num.of(1)).add(Json.Num.of(2));
    add(end(line().put("response", ""), "length").put("context", context));
    return List.copyOf(events);
  }

  private void said(Obj message) {
    add(line().put("message", message).put("done", false));
  }

  private static Obj message(String content) {
    return new Obj().put("role", "assistant").put("content", content);
  }

  private Obj line() {
    return new Obj()
        .put("model", "qwen3:8b")
        .put("created_at", "2026-01-01T00:00:0" + words.number(10) + ".385406455Z");
  }

  private Obj end(Obj line, String reason) {
    return line.put("done", true)
        .put("done_reason", reason)
        .put("total_duration", 4_883_583_458L)
        .put("prompt_eval_count", 26)
        .put("eval_count", 1 + words.number(300));
  }

  private void add(Obj line) {
    events.add(new Streams.Event(Streams.LINE, words.maybeEscaped(line.text())));
  }
}
