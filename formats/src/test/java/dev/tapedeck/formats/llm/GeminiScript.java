package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a stream of Gemini's. */
final class GeminiScript {

  private final List<Streams.Event> events = new ArrayList<>();
  private final Words words;
  private final String id;

  GeminiScript(long seed) {
    words = new Words(new Random(seed));
    id = words.id("");
  }

  List<Streams.Event> events() {
    if (words.chance(1, 2)) {
      for (String piece : words.pieces(words.text(10))) {
        add(new Obj().put("text", piece).put("thought", new Bool(true)), "");
      }
    }
    for (String piece : words.pieces(words.text(20))) {
      add(new Obj().put("text", piece), "");
    }
    if (words.chance(1, 3)) {
      Obj call = new Obj().put("name", "run").put("args", new Obj().put("command", words.text(3)));
      add(new Obj().put("functionCall", call).put("thoughtSignature", words.id("Cg")), "");
    }
    add(new Obj().put("text", "."), "STOP");
    return List.copyOf(events);
  }

  private void add(Obj part, String reason) {
    Obj content = new Obj().put("parts", new Arr().add(part)).put("role", "model");
    Obj candidate = new Obj().put("content", content).put("index", 0);
    if (!reason.isEmpty()) {
      candidate.put("finishReason", reason);
    }
    Obj usage =
        new Obj()
            .put("promptTokenCount", 100)
            .put("candidatesTokenCount", events.size() + 1)
            .put("totalTokenCount", 101 + events.size());
    Json chunk =
        new Obj()
            .put("candidates", new Arr().add(candidate))
            .put("usageMetadata", usage)
            .put("modelVersion", "gemini-2.5-pro")
            .put("responseId", id);
    events.add(new Streams.Event("", words.maybeEscaped(chunk.text())));
  }
}
