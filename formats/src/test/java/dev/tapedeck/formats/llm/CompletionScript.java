package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes streams of what OpenAI has beside chats: the older completions, and images. */
final class CompletionScript {

  private final List<Streams.Event> events = new ArrayList<>();
  private final Words words;
  private final String id;

  CompletionScript(long seed) {
    words = new Words(new Random(seed));
    id = words.id("cmpl-");
  }

  List<Streams.Event> completion() {
    int choices = 1 + words.number(2);
    for (int choice = 0; choice < choices; choice++) {
      for (String piece : words.pieces(words.text(30))) {
        choice(choice, piece, Null.NULL);
      }
      choice(choice, "", new Str("stop"));
    }
    Obj usage =
        new Obj()
            .put("prompt_tokens", 3)
            .put("completion_tokens", 1 + words.number(100))
            .put("total_tokens", 200);
    add("", chunk().put("choices", new Arr()).put("usage", usage));
    events.add(new Streams.Event("", "[DONE]"));
    return List.copyOf(events);
  }

  private void choice(int index, String text, Json reason) {
    Obj logprobs =
        new Obj()
            .put("tokens", new Arr().add(new Str(text)))
            .put("token_logprobs", new Arr().add(new Num("-0.25")));
    Obj choice =
        new Obj()
            .put("text", text)
            .put("index", index)
            .put("logprobs", words.chance(1, 5) ? logprobs : Null.NULL)
            .put("finish_reason", reason);
    add("", chunk().put("choices", new Arr().add(choice)).put("usage", Null.NULL));
  }

  private Obj chunk() {
    return new Obj()
        .put("id", id)
        .put("object", "text_completion")
        .put("created", 1_790_000_000)
        .put("model", "gpt-3.5-turbo-instruct:20230824-v2");
  }

  List<Streams.Event> images() {
    for (int i = words.number(3); i >= 0; i--) {
      String type = "image_generation." + (i > 0 ? "partial_image" : "completed");
      Obj event =
          new Obj()
              .put("type", type)
              .put("b64_json", "iVBORw0KGgo" + words.id(""))
              .put("created_at", 1_790_000_000)
              .put("size", "1024x1024")
              .put("quality", "high")
              .put("background", "opaque")
              .put("output_format", "png");
      if (i > 0) {
        event.put("partial_image_index", i);
      } else {
        event.put("usage", new Obj().put("input_tokens", 50).put("output_tokens", 4160));
      }
      add(type, event);
    }
    return List.copyOf(events);
  }

  private void add(String name, Obj data) {
    events.add(new Streams.Event(name, words.maybeEscaped(data.text())));
  }
}
