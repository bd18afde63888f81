package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.List;

/**
 * Ollama's chats and completions: lines of JSON, of which texts and calls are appended and the rest
 * replaced. Calls come whole.
 *
 * <pre>
 *   line with "done":false* --> line with "done":true and the counts
 *   a line with an error, and then nothing
 * </pre>
 *
 * @see <a href="https://docs.ollama.com/api/chat">Ollama: chat</a>
 */
final class OllamaAccumulator extends MessageAccumulator {

  private final Draft answer = new Draft(budget);

  OllamaAccumulator(long maxMessageBytes) {
    super(maxMessageBytes);
  }

  @Override
  void take(SseEvent event) {
    Obj line = object(event);
    if (line == null || failed(event, line)) {
      return;
    }
    line.members()
        .forEach((name, value) -> {
          switch (name) {
            case "message" -> message(value);
            case "response", "thinking" -> grow(answer, name, value);
            case "logprobs" -> push(answer, name, value);
            default -> answer.setUnlessNull(name, value);
          }
        });
    if (new Bool(true).equals(line.get("done"))) {
      end(StreamEnd.COMPLETE);
    }
  }

  private void message(Json value) {
    if (!(value instanceof Obj chunk)) {
      answer.setUnlessNull("message", value);
      return;
    }
    Draft message = answer.child("message");
    chunk
        .members()
        .forEach((name, member) -> {
          switch (name) {
            case "content", "thinking" -> grow(message, name, member);
            default -> push(message, name, member);
          }
        });
  }

  private void grow(Draft to, String name, Json value) {
    if (value instanceof Str(String text)) {
      if (!text.isEmpty()) {
        token();
      }
      to.append(name, text);
    } else {
      to.setUnlessNull(name, value);
    }
  }

  /** Arrays are appended to, anything else replaces. */
  private void push(Draft to, String name, Json value) {
    if (value instanceof Arr(List<Json> values)) {
      if (!values.isEmpty()) {
        token();
      }
      values.forEach(each -> to.push(name, each));
    } else {
      to.setUnlessNull(name, value);
    }
  }

  @Override
  Obj message() {
    return answer.object();
  }

  @Override
  StreamEnd atEndOfBody() {
    return StreamEnd.UPSTREAM_EOF;
  }
}
