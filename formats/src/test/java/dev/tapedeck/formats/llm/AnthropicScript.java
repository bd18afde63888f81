package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a stream of Anthropic's Messages, block after block. */
public final class AnthropicScript {

  private final List<Streams.Event> events = new ArrayList<>();
  private final Words words;
  private int index;
  private String stopReason = "end_turn";

  public AnthropicScript(long seed) {
    words = new Words(new Random(seed));
  }

  public AnthropicScript start() {
    Obj usage =
        new Obj()
            .put("input_tokens", 10 + words.number(1000))
            .put("cache_creation_input_tokens", words.number(5000))
            .put("cache_read_input_tokens", words.number(90000))
            .put("output_tokens", 1 + words.number(8))
            .put("service_tier", "standard");
    Obj message =
        new Obj()
            .put("id", words.id("msg_01"))
            .put("type", "message")
            .put("role", "assistant")
            .put("model", "claude-sonnet-4-5-20250929")
            .put("content", new Arr())
            .put("stop_reason", Null.NULL)
            .put("stop_sequence", Null.NULL)
            .put("usage", usage);
    add(new Obj().put("type", "message_start").put("message", message));
    return ping();
  }

  public AnthropicScript ping() {
    return add(new Obj().put("type", "ping"));
  }

  public AnthropicScript text() {
    return text(words.text(40));
  }

  /** A block of this text, in deltas of a few characters. */
  public AnthropicScript text(String text) {
    begin(new Obj().put("type", "text").put("text", ""));
    deltas("text_delta", "text", text);
    return end();
  }

  public AnthropicScript thinking() {
    begin(new Obj().put("type", "thinking").put("thinking", "").put("signature", ""));
    deltas("thinking_delta", "thinking", words.text(30));
    delta(new Obj().put("type", "signature_delta").put("signature", words.id("EqQB") + "=="));
    return end();
  }

  public AnthropicScript redacted() {
    begin(new Obj().put("type", "redacted_thinking").put("data", words.id("Emwk")));
    return end();
  }

  public AnthropicScript tool() {
    return tool("Bash", words.chance(1, 6) ? "" : words.input());
  }

  /** A call of a tool; {@code input} is its JSON, or empty for none. */
  public AnthropicScript tool(String name, String input) {
    stopReason = "tool_use";
    begin(
        new Obj()
            .put("type", "tool_use")
            .put("id", words.id("toolu_01"))
            .put("name", name)
            .put("input", new Obj()));
    input(input);
    return end();
  }

  /** Text with citations. */
  public AnthropicScript cited() {
    begin(new Obj().put("type", "text").put("text", "").put("citations", new Arr()));
    for (int i = 1 + words.number(3); i > 0; i--) {
      Obj citation =
          new Obj()
              .put("type", "char_location")
              .put("cited_text", words.text(5))
              .put("document_index", 0)
              .put("document_title", "Notes")
              .put("file_id", Null.NULL)
              .put("start_char_index", i)
              .put("end_char_index", i + 9);
      delta(new Obj().put("type", "citations_delta").put("citation", citation));
      deltas("text_delta", "text", words.text(5));
    }
    return end();
  }

  /** A search that the server made, with its result whole in one event. */
  public AnthropicScript search() {
    String id = words.id("srvtoolu_01");
    begin(
        new Obj()
            .put("type", "server_tool_use")
            .put("id", id)
            .put("name", "web_search")
            .put("input", new Obj()));
    input(new Obj().put("query", words.text(3)).text());
    end();
    Obj result =
        new Obj()
            .put("type", "web_search_result")
            .put("title", words.text(4))
            .put("url", "https://example.org/" + index)
            .put("encrypted_content", words.id("Enc"))
            .put("page_age", Null.NULL);
    begin(
        new Obj()
            .put("type", "web_search_tool_result")
            .put("tool_use_id", id)
            .put("content", new Arr().add(result)));
    return end();
  }

  /** The end: reason, usage, stop. */
  public AnthropicScript stop() {
    Obj usage = new Obj().put("output_tokens", 20 + words.number(4000));
    if (words.chance(1, 3)) {
      usage
          .put("input_tokens", 10 + words.number(1000))
          .put("cache_creation_input_tokens", 0)
          .put("cache_read_input_tokens", words.number(90000));
    }
    Obj delta = new Obj().put("stop_reason", stopReason).put("stop_sequence", Null.NULL);
    add(new Obj().put("type", "message_delta").put("delta", delta).put("usage", usage));
    return add(new Obj().put("type", "message_stop"));
  }

  /** An error amid the stream, after which nothing comes. */
  public AnthropicScript error(String type, String message) {
    Obj error = new Obj().put("type", type).put("message", message);
    return add(new Obj().put("type", "error").put("error", error));
  }

  public List<Streams.Event> events() {
    return List.copyOf(events);
  }

  public byte[] wire() {
    return Streams.wire(events);
  }

  private void begin(Obj block) {
    add(
        new Obj()
            .put("type", "content_block_start")
            .put("index", index)
            .put("content_block", block));
  }

  private void deltas(String type, String field, String text) {
    for (String piece : words.pieces(text)) {
      delta(new Obj().put("type", type).put(field, piece));
      if (words.chance(1, 40)) {
        ping();
      }
    }
  }

  private void input(String json) {
    delta(new Obj().put("type", "input_json_delta").put("partial_json", ""));
    deltas("input_json_delta", "partial_json", json);
  }

  private void delta(Obj delta) {
    add(new Obj().put("type", "content_block_delta").put("index", index).put("delta", delta));
  }

  private AnthropicScript end() {
    add(new Obj().put("type", "content_block_stop").put("index", index));
    index++;
    return this;
  }

  private AnthropicScript add(Obj event) {
    String json = words.maybeEscaped(((Json) event).text());
    if (words.chance(1, 3)) {
      json = json.substring(0, json.length() - 1) + " ".repeat(words.number(14)) + "}";
    }
    String type = event.string("type");
    events.add(new Streams.Event(type == null ? "" : type, json));
    return this;
  }
}
