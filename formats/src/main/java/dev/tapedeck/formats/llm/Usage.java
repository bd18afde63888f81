package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a call, counted alike for every API: what OpenAI and Google count as part of the
 * input, what came from a cache or went into one, is counted apart here, as Anthropic does it.
 *
 * @param input tokens of the prompt that had nothing to do with a cache; null if not told
 * @param output tokens of the answer, those of its thinking included; null if not told
 * @param cacheRead tokens of the prompt that came from a cache; null if not told
 * @param cacheWrite tokens of the prompt that were put into a cache; null if not told
 */
public record Usage(
    @Nullable Long input,
    @Nullable Long output,
    @Nullable Long cacheRead,
    @Nullable Long cacheWrite) {

  /** All tokens of the prompt: input, cache creation and cache read; null if none is told. */
  public @Nullable Long totalInput() {
    return sum(input, sum(cacheRead, cacheWrite));
  }

  /**
   * What a whole answer says about its tokens; null if it says nothing.
   *
   * @param kept see {@link AccumulatedMessage#keptUsage}
   */
  static @Nullable Usage of(Protocol protocol, Obj answer, Obj kept) {
    if (protocol.isLines() || protocol == Protocol.OLLAMA_EMBED) {
      return ollama(answer);
    }
    Obj usage = answer.object(protocol == Protocol.GEMINI ? "usageMetadata" : "usage");
    if (usage == null) {
      return null;
    }
    return switch (protocol) {
      case ANTHROPIC_MESSAGES -> anthropic(usage, kept);
      case OPENAI_CHAT, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS ->
          inclusive(
              count(usage, "prompt_tokens"),
              count(usage, "completion_tokens"),
              usage.object("prompt_tokens_details"));
      case OPENAI_RESPONSES, OPENAI_IMAGES ->
          inclusive(
              count(usage, "input_tokens"),
              count(usage, "output_tokens"),
              usage.object("input_tokens_details"));
      case GEMINI -> gemini(usage);
      case OPENAI_MODERATIONS, OLLAMA_CHAT, OLLAMA_GENERATE, OLLAMA_EMBED, UNKNOWN -> null;
    };
  }

  private static Usage anthropic(Obj usage, Obj kept) {
    Obj told = new Obj();
    usage
        .members()
        .forEach((name, value) -> {
          Json before = !Num.of(0).equals(value) ? null : kept.get(name);
          told.put(name, before == null ? value : before);
        });
    return new Usage(
        count(told, "input_tokens"),
        count(told, "output_tokens"),
        count(told, "cache_read_input_tokens"),
        count(told, "cache_creation_input_tokens"));
  }

  private static Usage inclusive(
      @Nullable Long prompt, @Nullable Long output, @Nullable Obj details) {
    Long read = details == null ? null : count(details, "cached_tokens");
    Long written = details == null ? null : count(details, "cache_write_tokens");
    return new Usage(less(less(prompt, read), written), output, read, written);
  }

  /** Its counts lie in the answer itself. */
  private static @Nullable Usage ollama(Obj answer) {
    Long prompt = count(answer, "prompt_eval_count");
    Long output = count(answer, "eval_count");
    return prompt == null && output == null ? null : new Usage(prompt, output, null, null);
  }

  private static Usage gemini(Obj usage) {
    Long read = count(usage, "cachedContentTokenCount");
    Long prompt = sum(count(usage, "promptTokenCount"), count(usage, "toolUsePromptTokenCount"));
    Long output = sum(count(usage, "candidatesTokenCount"), count(usage, "thoughtsTokenCount"));
    return new Usage(less(prompt, read), output, read, null);
  }

  private static @Nullable Long count(Obj object, String name) {
    OptionalLong count = object.integer(name);
    return count.isPresent() ? count.getAsLong() : null;
  }

  private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one + other;
  }

  private static @Nullable Long less(@Nullable Long all, @Nullable Long part) {
    return all == null || part == null ? all : Long.valueOf(Math.max(0, all - part));
  }

  /** As {@code show --json} and the catalog have it; what is not told is left out. */
  public Obj json() {
    Obj object = new Obj();
    put(object, "input", input);
    put(object, "output", output);
    put(object, "cache_read", cacheRead);
    put(object, "cache_write", cacheWrite);
    return object;
  }

  /** What {@link #json} wrote. */
  public static Usage read(Obj json) {
    return new Usage(
        count(json, "input"),
        count(json, "output"),
        count(json, "cache_read"),
        count(json, "cache_write"));
  }

  private static void put(Obj object, String name, @Nullable Long count) {
    if (count != null) {
      object.put(name, Json.Num.of(count));
    }
  }
}
