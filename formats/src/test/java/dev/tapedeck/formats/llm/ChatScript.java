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

/** Writes a stream of OpenAI's chat completions. */
final class ChatScript {

  private final List<Streams.Event> events = new ArrayList<>();
  private final Words words;
  private final String id;

  ChatScript(long seed) {
    words = new Words(new Random(seed));
    id = words.id("chatcmpl-");
  }

  List<Streams.Event> events() {
    int choices = words.chance(1, 4) ? 2 : 1;
    for (int choice = 0; choice < choices; choice++) {
      delta(choice, new Obj().put("role", "assistant").put("content", ""), Null.NULL);
    }
    for (int choice = 0; choice < choices; choice++) {
      switch (words.number(4)) {
        case 0 -> tools(choice);
        case 1 -> text(choice, "refusal", "stop");
        default -> text(choice, "content", "stop");
      }
    }
    Obj usage =
        new Obj()
            .put("prompt_tokens", 100 + words.number(1000))
            .put("completion_tokens", 1 + words.number(1000))
            .put("total_tokens", 2000)
            .put(
                "prompt_tokens_details", new Obj().put("cached_tokens", 64).put("audio_tokens", 0));
    add(chunk().put("choices", new Arr()).put("usage", usage));
    events.add(new Streams.Event("", "[DONE]"));
    return List.copyOf(events);
  }

  private void text(int choice, String field, String reason) {
    for (String piece : words.pieces(words.text(30))) {
      delta(choice, new Obj().put(field, piece), Null.NULL);
    }
    delta(choice, new Obj(), new Str(reason));
  }

  private void tools(int choice) {
    int calls = 1 + words.number(3);
    for (int i = 0; i < calls; i++) {
      Obj function = new Obj().put("name", "run_" + i).put("arguments", "");
      call(
          choice,
          new Obj()
              .put("index", i)
              .put("id", words.id("call_"))
              .put("type", "function")
              .put("function", function));
      for (String piece : words.pieces(words.input())) {
        call(choice, new Obj().put("index", i).put("function", new Obj().put("arguments", piece)));
      }
    }
    delta(choice, new Obj(), new Str("tool_calls"));
  }

  private void call(int choice, Obj call) {
    delta(choice, new Obj().put("tool_calls", new Arr().add(call)), Null.NULL);
  }

  private void delta(int choice, Obj delta, Json reason) {
    Obj logprobs =
        new Obj()
            .put(
                "content",
                new Arr()
                    .add(
                        new Obj()
                            .put("token", "x")
                            .put("logprob", new Num("-0.25"))
                            .put("bytes", Null.NULL)
                            .put("top_logprobs", new Arr())))
            .put("refusal", new Arr());
    Obj each =
        new Obj()
            .put("index", choice)
            .put("delta", delta)
            .put("logprobs", words.chance(1, 5) ? logprobs : Null.NULL)
            .put("finish_reason", reason);
    add(chunk().put("choices", new Arr().add(each)).put("usage", Null.NULL));
  }

  private Obj chunk() {
    return new Obj()
        .put("id", id)
        .put("object", "chat.completion.chunk")
        .put("created", 1_790_000_000)
        .put("model", "gpt-5-mini-2025-08-07")
        .put("service_tier", "default")
        .put("system_fingerprint", "fp_44709d6fcb")
        .put("obfuscation", words.id(""));
  }

  private void add(Obj chunk) {
    events.add(new Streams.Event("", words.maybeEscaped(chunk.text())));
  }
}
