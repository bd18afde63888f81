package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Anomalies.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonException;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic Messages: from stream to message.
 *
 * <pre>
 *   message_start --> ( content_block_start --> content_block_delta* --> content_block_stop )*
 *                 --> message_delta+ --> message_stop
 *   ping anywhere; error anywhere, and then nothing
 * </pre>
 *
 * <p>Blocks are told apart by their index and may overlap. Any other order is taken as it comes,
 * and noted; what is said stays in the content.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/streaming">Streaming
 *     messages</a>
 */
final class AnthropicAccumulator extends MessageAccumulator {

  private static final String DELTAS = "_deltas";
  private static final String RAW_INPUT = "_input_raw";
  private static final Json ZERO = Num.of(0);

  /** What a later event may not replace: the message's own bones. */
  private static final Set<String> BONES =
      Set.of("id", "type", "role", "model", "content", "usage");

  private static final Set<String> KNOWN_DELTAS =
      Set.of(
          "text_delta",
          "input_json_delta",
          "thinking_delta",
          "citations_delta",
          "signature_delta",
          "compaction_delta");

  private final Draft message = new Draft(budget);
  private final AnthropicBlocks blocks = new AnthropicBlocks();
  private final Draft keptUsage = new Draft(budget);
  private final PlainDelta plain = new PlainDelta();
  private boolean started;

  AnthropicAccumulator(long maxMessageBytes) {
    super(maxMessageBytes);
  }

  @Override
  void take(SseEvent event) {
    if (plain.read(event) && appended(plain.index(), plain.kind(), plain.text())) {
      return;
    }
    Obj object = object(event);
    if (object != null) {
      String type = object.string("type");
      take(type == null ? event.name() : type, object);
    }
  }

  private void take(String type, Obj event) {
    switch (type) {
      case "message_start" -> start(event);
      case "content_block_start" -> blockStart(event);
      case "content_block_delta" -> blockDelta(event);
      case "content_block_stop" -> blockStop(event);
      case "message_delta" -> messageDelta(event);
      case "message_stop" -> stop();
      case "ping" -> {}
      case "error" -> {
        Json error = event.get("error");
        fail(event, error == null ? event : error);
      }
      default -> {
        odd("unknown event " + quoted(type) + ": kept in _events");
        message.push("_events", event);
      }
    }
  }

  private void start(Obj event) {
    Obj begin = event.object("message");
    if (started || begin == null) {
      odd(started ? "a second message_start: ignored" : "message_start without a message: ignored");
      return;
    }
    started = true;
    boolean late = !blocks.list().isEmpty() || message.has("usage");
    if (late) {
      odd("message_start after other events");
    }
    begin.members().forEach((name, value) -> startMember(name, value, late));
    content();
  }

  private void startMember(String name, Json value, boolean late) {
    if (name.equals("content")) {
      content();
      if (value instanceof Arr(List<Json> values)) {
        values.forEach(this::whole);
      }
    } else if (!late || !message.has(name)) {
      message.set(name, value);
    }
  }

  /** A block that the message began with. */
  private void whole(Json block) {
    Draft draft = block instanceof Obj object ? Draft.of(budget, object) : null;
    if (draft != null) {
      blocks.add(blocks.list().next(), draft);
    }
  }

  /** Gives the blocks their place in the message. */
  private void content() {
    message.adopt("content", blocks.list());
  }

  private void blockStart(Obj event) {
    Obj begin = event.object("content_block");
    if (begin == null) {
      odd("content_block_start without a block: ignored");
      return;
    }
    OptionalLong given = event.integer("index");
    if (given.isEmpty()) {
      odd("content_block_start without an index: taken as the next");
    }
    long index = given.orElse(blocks.list().next());
    if (!AnthropicBlocks.beginsEmpty(begin)) {
      token();
    }
    Draft before = blocks.at(index);
    if (before != null) {
      if (blocks.adopts(before, begin)) {
        odd("content_block_start after its deltas");
        return;
      }
      if (blocks.isOpen(before) && before.object().equals(begin)) {
        odd("a content_block_start that comes twice: taken once");
        return;
      }
      odd("a second content_block_start for an index: taken as the next");
      if (blocks.closed(before)) {
        settle(before);
      }
    }
    Draft block = Draft.of(budget, begin);
    if (block != null) {
      content();
      blocks.begin(index, block);
    }
  }

  private void blockDelta(Obj event) {
    Obj delta = event.object("delta");
    long index = event.integer("index").orElse(blocks.lastIndex());
    Draft block = delta == null ? null : block(index, delta);
    if (delta == null || block == null) {
      odd("content_block_delta without " + (delta == null ? "a delta" : "its block") + ": kept");
      message.push(DELTAS, event);
      return;
    }
    if (!apply(index, block, delta)) {
      String type = String.valueOf(delta.string("type"));
      odd(
          KNOWN_DELTAS.contains(type)
              ? type
                  + " does not fit its block, "
                  + quoted(AnthropicBlocks.type(block))
                  + ": kept in "
                  + DELTAS
              : "unknown delta " + quoted(type) + ": kept in " + DELTAS);
      block.push(DELTAS, delta);
      token();
    }
  }

  /** The block that a delta is for; made if its start has not come. */
  private @Nullable Draft block(long index, Obj delta) {
    Draft known = blocks.at(index);
    Obj begin = AnthropicBlocks.beginOf(delta);
    if (known != null || begin == null) {
      return known;
    }
    Draft made = Draft.of(budget, begin);
    if (made != null) {
      odd("content_block_delta without its block's start: the block is made");
      content();
      blocks.make(index, made);
    }
    return made;
  }

  private boolean apply(long index, Draft block, Obj delta) {
    return switch (String.valueOf(delta.string("type"))) {
      case "text_delta" -> appended(index, PlainDelta.Kind.TEXT, delta.string("text"));
      case "input_json_delta" ->
          appended(index, PlainDelta.Kind.INPUT, delta.string("partial_json"));
      case "thinking_delta" -> appended(index, PlainDelta.Kind.THINKING, delta.string("thinking"));
      case "citations_delta" -> cited(block, delta.get("citation"));
      case "signature_delta" -> signed(block, delta.get("signature"));
      case "compaction_delta" -> compacted(block, delta);
      default -> false;
    };
  }

  /** Appends to a block that fits; false if there is none, or no text. */
  private boolean appended(long index, PlainDelta.Kind kind, @Nullable String text) {
    Draft block = blocks.at(index);
    if (block == null || text == null || !AnthropicBlocks.fits(kind, AnthropicBlocks.type(block))) {
      return false;
    }
    if (!blocks.isOpen(block)) {
      odd("a delta after its block's stop");
    }
    if (!text.isEmpty()) {
      token();
    }
    block.append(
        switch (kind) {
          case TEXT -> "text";
          case THINKING -> "thinking";
          case INPUT -> RAW_INPUT;
        },
        text);
    return true;
  }

  private boolean cited(Draft block, @Nullable Json citation) {
    if (citation == null || !AnthropicBlocks.type(block).equals("text")) {
      return false;
    }
    block.push("citations", citation);
    token();
    return true;
  }

  private boolean signed(Draft block, @Nullable Json signature) {
    if (signature == null || !AnthropicBlocks.type(block).equals("thinking")) {
      return false;
    }
    block.set("signature", signature);
    token();
    return true;
  }

  private boolean compacted(Draft block, Obj delta) {
    if (!AnthropicBlocks.type(block).equals("compaction")) {
      return false;
    }
    Json content = delta.get("content");
    block.set("content", content == null ? Null.NULL : content);
    token();
    Json encrypted = delta.get("encrypted_content");
    if (encrypted != null) {
      block.set("encrypted_content", encrypted);
    }
    return true;
  }

  private void blockStop(Obj event) {
    Draft block = blocks.at(event.integer("index").orElse(blocks.lastIndex()));
    if (block == null || !blocks.closed(block)) {
      odd("content_block_stop without an open block: ignored");
    } else {
      settle(block);
    }
  }

  /** The block is whole, or as whole as it gets: what came of a tool's input is read. */
  private void settle(Draft block) {
    if (!AnthropicBlocks.takesInput(AnthropicBlocks.type(block))) {
      return;
    }
    String raw = block.text(RAW_INPUT);
    if (raw == null || raw.isEmpty()) {
      block.remove(RAW_INPUT);
      if (!block.has("input")) {
        block.set("input", new Obj());
      }
      return;
    }
    try {
      byte[] bytes = raw.getBytes(UTF_8);
      block.set("input", Json.parse(bytes, 0, bytes.length));
      block.remove(RAW_INPUT);
    } catch (JsonException e) {
      odd("a tool's input is kept in " + RAW_INPUT + ", " + e.getMessage());
      block.set("input", new Obj());
    }
  }

  private void messageDelta(Obj event) {
    if (!started) {
      odd("message_delta before message_start");
    }
    event
        .members()
        .forEach((name, value) -> {
          switch (name) {
            case "type" -> {}
            case "delta" -> members(event, "delta").forEach(this::messageMember);
            case "usage" -> usage(members(event, "usage"));
            default -> {
              if (!(value instanceof Null)) {
                messageMember(name, value);
              }
            }
          }
        });
  }

  private void messageMember(String name, Json value) {
    if (BONES.contains(name)) {
      odd("message_delta brings " + quoted(name) + ": kept in " + DELTAS);
      message.push(DELTAS, new Obj().put(name, value));
      return;
    }
    boolean needsValue = name.equals("container") || name.equals("context_management");
    if (!needsValue || !(value instanceof Null)) {
      message.set(name, value);
    }
  }

  /**
   * Usage is cumulative: the later figure replaces the earlier. Some servers end with zeros: then
   * what was told before is kept beside the message.
   */
  private void usage(Map<String, Json> figures) {
    Draft usage = message.child("usage");
    figures.forEach((name, value) -> {
      if (!(value instanceof Null)) {
        Json before = usage.get(name);
        if (ZERO.equals(value) && before instanceof Num && !ZERO.equals(before)) {
          keptUsage.set(name, before);
        }
        usage.set(name, value);
      }
    });
  }

  private void stop() {
    if (!started) {
      odd("message_stop without message_start");
    }
    if (blocks.anyOpen()) {
      odd("message_stop before content_block_stop");
    }
    end(StreamEnd.COMPLETE);
  }

  @Override
  void close(StreamEnd end) {
    if (!started && end != StreamEnd.ERROR) {
      note("no message_start");
    }
    for (Draft block : blocks.list().all()) {
      if (blocks.closed(block)) {
        settle(block);
      }
    }
  }

  @Override
  Obj keptUsage() {
    return keptUsage.object();
  }

  @Override
  Obj message() {
    return message.object();
  }

  @Override
  StreamEnd atEndOfBody() {
    return StreamEnd.UPSTREAM_EOF;
  }
}
