package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message's blocks, told apart by the index that their events give. A second block for an index
 * lies behind the others, and the index is its from then on.
 */
final class AnthropicBlocks {

  private final DraftList list = new DraftList();
  private final Map<Long, Draft> byIndex = new HashMap<>();
  private final Set<Draft> open = new HashSet<>();

  /** Those whose deltas came without their start, which may still come. */
  private final Set<Draft> made = new HashSet<>();

  private long lastIndex;

  DraftList list() {
    return list;
  }

  @Nullable Draft at(long index) {
    return byIndex.get(index);
  }

  /** The index of the block that was begun last. */
  long lastIndex() {
    return lastIndex;
  }

  void add(long index, Draft block) {
    list.put(list.get(index) == null ? index : list.next(), block);
    byIndex.put(index, block);
    lastIndex = index;
  }

  void begin(long index, Draft block) {
    add(index, block);
    open.add(block);
  }

  /** Begins a block of which only a delta has come. */
  void make(long index, Draft block) {
    begin(index, block);
    made.add(block);
  }

  /** Whether that is the start of a block whose deltas came before it; then the block has it. */
  boolean adopts(Draft block, Obj start) {
    Json type = start.get("type");
    if (!made.contains(block) || type == null || !type.equals(block.get("type"))) {
      return false;
    }
    made.remove(block);
    start
        .members()
        .forEach((name, value) -> {
          if (!name.equals("text") && !name.equals("thinking")) {
            block.set(name, value);
          }
        });
    return true;
  }

  boolean isOpen(Draft block) {
    return open.contains(block);
  }

  boolean anyOpen() {
    return !open.isEmpty();
  }

  /** Whether the block was open until now. */
  boolean closed(Draft block) {
    return open.remove(block);
  }

  /** Text and thinking begin empty; other blocks come with a name at least. */
  static boolean beginsEmpty(Obj block) {
    String type = block.string("type");
    return ("text".equals(type) && !MessageAccumulator.isText(block.get("text")))
        || ("thinking".equals(type) && !MessageAccumulator.isText(block.get("thinking")))
        || "compaction".equals(type);
  }

  static boolean fits(PlainDelta.Kind kind, String blockType) {
    return switch (kind) {
      case TEXT -> blockType.equals("text");
      case THINKING -> blockType.equals("thinking");
      case INPUT -> takesInput(blockType);
    };
  }

  static String type(Draft block) {
    return String.valueOf(block.string("type"));
  }

  static boolean takesInput(String type) {
    return type.equals("tool_use") || type.equals("server_tool_use") || type.equals("mcp_tool_use");
  }

  /** How the block begins that a delta is for; null if that does not tell. */
  static @Nullable Obj beginOf(Obj delta) {
    return switch (String.valueOf(delta.string("type"))) {
      case "text_delta" -> new Obj().put("type", "text").put("text", "");
      case "thinking_delta" -> new Obj().put("type", "thinking").put("thinking", "");
      case "input_json_delta" -> new Obj().put("type", "tool_use");
      default -> null;
    };
  }
}
