package dev.tapedeck.testing;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.IOException;
import java.util.List;

/**
 * What a model says to a coding agent, as the Messages API streams it: to a conversation that has
 * tools, first the call of the tool {@code Bash} with one command, and when its result has come,
 * that it is done.
 */
public final class ScriptedClaude implements ScriptedUpstream.Script {

  public static final String LAST_WORDS = "The command has run, that is all.";

  private final String command;

  /**
   * A model that wants one command run.
   *
   * @param command for a shell
   */
  public ScriptedClaude(String command) {
    this.command = command;
  }

  @Override
  public void answer(Http.Message request, ScriptedUpstream.Line line) throws Exception {
    if (!request.line().startsWith("POST /v1/messages")) {
      send(line, "404 Not Found", "application/json", "{\"type\":\"error\",\"error\":{}}");
    } else if (request.line().contains("count_tokens")) {
      send(line, "200 OK", "application/json", "{\"input_tokens\":12}");
    } else {
      answer((Obj) Json.parse(request.body()), line);
    }
  }

  private void answer(Obj asked, ScriptedUpstream.Line line) throws IOException {
    boolean first =
        asked.array("tools") instanceof Arr(List<Json> tools)
            && !tools.isEmpty()
            && !asked.text().contains("\"tool_result\"");
    Obj input = new Obj().put("command", command).put("description", "Runs it");
    Obj block =
        first
            ? new Obj()
                .put("type", "tool_use")
                .put("id", "toolu_01")
                .put("name", "Bash")
                .put("input", new Obj())
            : new Obj().put("type", "text").put("text", "");
    Obj delta =
        first
            ? new Obj().put("type", "input_json_delta").put("partial_json", input.text())
            : new Obj().put("type", "text_delta").put("text", LAST_WORDS);
    String stop = first ? "tool_use" : "end_turn";
    String usage = "\"usage\":{\"input_tokens\":11,\"output_tokens\":%d}";
    String message =
        "{\"id\":\"msg_01\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"%s\",\"content\":[%s],\"stop_reason\":%s,\"stop_sequence\":null,%s}";
    String model = String.valueOf(asked.string("model"));
    if (!new Json.Bool(true).equals(asked.get("stream"))) {
      Obj whole = first ? block.put("input", input) : block.put("text", LAST_WORDS);
      send(
          line,
          "200 OK",
          "application/json",
          message.formatted(model, whole.text(), "\"" + stop + "\"", usage.formatted(7)));
      return;
    }
    String events =
        event(
                "message_start",
                "\"message\":" + message.formatted(model, "", "null", usage.formatted(1)))
            + event("content_block_start", "\"index\":0,\"content_block\":" + block.text())
            + event("content_block_delta", "\"index\":0,\"delta\":" + delta.text())
            + event("content_block_stop", "\"index\":0")
            + event(
                "message_delta",
                "\"delta\":{\"stop_reason\":\""
                    + stop
                    + "\",\"stop_sequence\":null},"
                    + usage.formatted(7))
            + event("message_stop", null);
    send(line, "200 OK", "text/event-stream", events);
  }

  private static String event(String type, @org.jspecify.annotations.Nullable String rest) {
    return "event: %s\ndata: {\"type\":\"%s\"%s}\n\n"
        .formatted(type, type, rest == null ? "" : "," + rest);
  }

  private static void send(ScriptedUpstream.Line line, String status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    line.send(
        "HTTP/1.1 %s\nContent-Type: %s\nContent-Length: %d\n\n"
            .formatted(status, type, bytes.length));
    line.send(bytes);
  }
}
