package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Realistic streams of each API, alike for the same seed, for whoever needs something to relay, to
 * record or to rebuild. Depends on nothing but {@code Words} and the scripts beside it.
 *
 * <pre>{@code
 * List<Streams.Event> events = Streams.anthropic(seed);   // a whole stream: text, thinking, tools, usage
 * byte[] wire = Streams.wire(events);                     // as an API sends it
 * Streams.wire(Streams.overloaded(events, seed))          // an error amid it
 * Streams.wire(Streams.cut(events, seed))                 // without its end
 * Streams.broken(events, seed)                            // bytes that no API should send
 * }</pre>
 *
 * <p>For a stream of one's own: {@code new AnthropicScript(seed).start().text("...").stop(...)}.
 */
public final class Streams {

  /** The name of what is no server-sent event, but a line of JSON. */
  public static final String LINE = "(line)";

  /** One event: its name, empty for none, and its data. */
  public record Event(String name, String data) {

    /** As it is on the wire. */
    public String wire() {
      return name.equals(LINE)
          ? data + "\n"
          : (name.isEmpty() ? "" : "event: " + name + "\n") + "data: " + data + "\n\n";
    }
  }

  private Streams() {}

  /** An answer of Anthropic's Messages, with one to six blocks of any kind. */
  public static List<Event> anthropic(long seed) {
    Random random = new Random(seed);
    AnthropicScript script = new AnthropicScript(seed).start();
    if (random.nextBoolean()) {
      script.thinking();
    }
    for (int blocks = 1 + random.nextInt(5); blocks > 0; blocks--) {
      switch (random.nextInt(6)) {
        case 0, 1 -> script.text();
        case 2 -> script.tool();
        case 3 -> script.cited();
        case 4 -> script.search();
        default -> script.redacted();
      }
    }
    return script.stop().events();
  }

  /** A completion of OpenAI's chat API, with one or two choices. */
  public static List<Event> chat(long seed) {
    return new ChatScript(seed).events();
  }

  /** A response of OpenAI's Responses API. */
  public static List<Event> responses(long seed) {
    return new ResponsesScript(seed).events();
  }

  /** An answer of Gemini's. */
  public static List<Event> gemini(long seed) {
    return new GeminiScript(seed).events();
  }

  /** The APIs that have streams which stand for a message. */
  public static List<Protocol> streamed() {
    List<Protocol> all = new ArrayList<>(List.of(Protocol.values()));
    all.removeAll(WITHOUT);
    return all;
  }

  /** Those that have none. */
  static final List<Protocol> WITHOUT =
      List.of(
          Protocol.OPENAI_EMBEDDINGS,
          Protocol.OPENAI_MODERATIONS,
          Protocol.OLLAMA_EMBED,
          Protocol.UNKNOWN);

  /** A stream of the API. */
  public static List<Event> of(Protocol protocol, long seed) {
    return switch (protocol) {
      case ANTHROPIC_MESSAGES -> anthropic(seed);
      case OPENAI_CHAT -> chat(seed);
      case OPENAI_RESPONSES -> responses(seed);
      case GEMINI -> gemini(seed);
      case OPENAI_COMPLETIONS -> new CompletionScript(seed).completion();
      case OPENAI_IMAGES -> new CompletionScript(seed).images();
      case OLLAMA_CHAT -> new OllamaScript(seed).chat();
      case OLLAMA_GENERATE -> new OllamaScript(seed).generate();
      case OPENAI_EMBEDDINGS, OPENAI_MODERATIONS, OLLAMA_EMBED, UNKNOWN ->
          List.of(new Event("", "{}"));
    };
  }

  /** An Anthropic stream that breaks off with an overloaded_error somewhere. */
  public static List<Event> overloaded(List<Event> events, long seed) {
    List<Event> broken = new ArrayList<>(cut(events, seed));
    broken.add(
        new Event(
            "error",
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
    return broken;
  }

  /** The stream's beginning: at least one event, and not the last. */
  public static List<Event> cut(List<Event> events, long seed) {
    return events.subList(0, 1 + new Random(seed).nextInt(events.size() - 1));
  }

  /** Events as an API sends them. */
  public static byte[] wire(List<Event> events) {
    StringBuilder text = new StringBuilder();
    events.forEach(each -> text.append(each.wire()));
    return text.toString().getBytes(UTF_8);
  }

  /** Events dropped, repeated, swapped, cut and scribbled over; and then the bytes as well. */
  public static byte[] broken(List<Event> events, long seed) {
    Random random = new Random(seed);
    List<Event> odd = new ArrayList<>(events);
    for (int i = random.nextInt(8); i > 0 && !odd.isEmpty(); i--) {
      int at = random.nextInt(odd.size());
      switch (random.nextInt(6)) {
        case 0 -> odd.remove(at);
        case 1 -> odd.add(random.nextInt(odd.size()), odd.get(at));
        case 2 -> Collections.swap(odd, at, random.nextInt(odd.size()));
        case 3 -> odd.set(at, scribbled(odd.get(at), random));
        case 4 -> odd.set(at, new Event("", ODD_DATA[random.nextInt(ODD_DATA.length)]));
        default -> odd.set(at, retyped(odd.get(at), random));
      }
    }
    byte[] wire = wire(odd);
    for (int i = random.nextInt(4); i > 0 && wire.length > 0; i--) {
      wire[random.nextInt(wire.length)] = (byte) random.nextInt(256);
    }
    return wire;
  }

  private static final String[] ODD_DATA = {
    "",
    "null",
    "[]",
    "{}",
    "7",
    "[DONE]",
    "{\"type\":null}",
    "{\"type\":\"message_start\"}",
    "{\"type\":\"content_block_delta\",\"index\":-1,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
    "{\"type\":\"content_block_start\",\"index\":1e30,\"content_block\":{}}",
    "{\"type\":\"message_delta\",\"delta\":[],\"usage\":7}",
    "{\"choices\":[null,{\"index\":0,\"delta\":{\"content\":[1],\"tool_calls\":{\"x\":1}}}]}",
    "{\"choices\":{\"0\":1}}",
    "{\"type\":\"response.output_text.delta\",\"delta\":7}",
    "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"content\":7}}",
    "{\"candidates\":[{\"content\":{\"parts\":[null,{\"text\":1}]}},7]}",
    "{\"message\":7}",
    "{\"message\":{\"content\":7,\"thinking\":[],\"tool_calls\":{}},\"done\":7}",
    "{\"response\":{},\"done\":true}",
    "{\"choices\":[{\"text\":7,\"index\":\"x\"}]}",
    "{\"type\":\"image_generation.completed\"}",
    "{\"error\":null}",
    "{\"error\":\"bad\"}",
    "[".repeat(600)
  };

  private static Event scribbled(Event event, Random random) {
    StringBuilder data = new StringBuilder(event.data);
    for (int i = 1 + random.nextInt(3); i > 0 && !data.isEmpty(); i--) {
      data.setCharAt(
          random.nextInt(data.length()), "\"{}[]:,\\0x\ud83d\u00e4 ".charAt(random.nextInt(13)));
    }
    return new Event(event.name, data.toString());
  }

  /** A value of another type where a string or number was. */
  private static Event retyped(Event event, Random random) {
    String[] values = {"null", "7", "[]", "{}", "\"\"", "true"};
    return new Event(
        event.name,
        event.data.replaceFirst(
            random.nextBoolean() ? ":\"[a-z_]*\"" : ":[0-9]+",
            ":" + values[random.nextInt(values.length)]));
  }
}
