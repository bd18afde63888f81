package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one stream together to the message that they stand for.
 *
 * <pre>
 *   accept* --[the protocol's end or error]--> accept, noted and ignored* --> finish
 *      \-- snapshot, at any time --/
 * </pre>
 *
 * <p>Throws for nothing that an API sends: what is unknown is kept as it came, what is odd is
 * noted. Takes no more memory than {@link #MAX_MESSAGE_BYTES}, about; what goes beyond is left out
 * of the message, and noted.
 *
 * <p>For one thread at a time.
 */
public abstract sealed class MessageAccumulator
    permits AnthropicAccumulator,
        ChatAccumulator,
        GeminiAccumulator,
        ImagesAccumulator,
        OllamaAccumulator,
        ResponsesAccumulator {

  /** The most memory that a message may take, about, in bytes. */
  public static final long MAX_MESSAGE_BYTES = 64L * 1024 * 1024;

  /** The most sentences about what was odd. */
  public static final int MAX_ANOMALIES = 100;

  static final int OK = 200;

  final Budget budget;
  private final long maxMessageBytes;
  private final Anomalies anomalies = new Anomalies();
  private long events;
  private long now;
  private OptionalLong firstToken = OptionalLong.empty();
  private @Nullable StreamEnd ended;
  private @Nullable Obj errorEvent;
  private @Nullable Json error;

  MessageAccumulator(long maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
    budget = new Budget(maxMessageBytes);
  }

  /** A rebuild at the beginning of its stream; nothing for what has no streams. */
  public static Optional<MessageAccumulator> of(Protocol protocol) {
    return of(protocol, MAX_MESSAGE_BYTES);
  }

  /**
   * As {@link #of(Protocol)}, with a limit of one's own.
   *
   * @param maxMessageBytes the most memory that the message may take, about
   */
  public static Optional<MessageAccumulator> of(Protocol protocol, long maxMessageBytes) {
    return switch (protocol) {
      case ANTHROPIC_MESSAGES -> Optional.of(new AnthropicAccumulator(maxMessageBytes));
      case OPENAI_CHAT -> Optional.of(new ChatAccumulator(maxMessageBytes, false));
      case OPENAI_COMPLETIONS -> Optional.of(new ChatAccumulator(maxMessageBytes, true));
      case OPENAI_RESPONSES -> Optional.of(new ResponsesAccumulator(maxMessageBytes));
      case GEMINI -> Optional.of(new GeminiAccumulator(maxMessageBytes));
      case OPENAI_IMAGES -> Optional.of(new ImagesAccumulator(maxMessageBytes));
      case OLLAMA_CHAT, OLLAMA_GENERATE -> Optional.of(new OllamaAccumulator(maxMessageBytes));
      case OPENAI_EMBEDDINGS, OPENAI_MODERATIONS, OLLAMA_EMBED, UNKNOWN -> Optional.empty();
    };
  }

  /**
   * Takes the next event.
   *
   * @param nanos when it came, by the caller's clock; comes back as {@link
   *     AccumulatedMessage#firstTokenNanos}
   */
  public final void accept(SseEvent event, long nanos) {
    events++;
    now = nanos;
    if (ended == null) {
      take(event);
    } else {
      afterEnd(event);
    }
  }

  /** The message so far. Shares parts with other snapshots: to be copied before it is changed. */
  public final Obj snapshot() {
    return withError(message());
  }

  /** How the stream ended, by the protocol; nothing while its end has not come. */
  public final Optional<StreamEnd> ended() {
    return Optional.ofNullable(ended);
  }

  /** When the first event came that brought something of the answer, by the caller's clock. */
  public final OptionalLong firstTokenNanos() {
    return firstToken;
  }

  /** How many events came. */
  public final long events() {
    return events;
  }

  /** Notes what was odd about the stream as a whole, in a sentence. */
  public final void note(String anomaly) {
    anomalies.note(0, anomaly);
  }

  /**
   * Ends the stream.
   *
   * @param transport how the body ended, which counts where the protocol's end did not come before
   */
  public final AccumulatedMessage finish(StreamEnd transport) {
    StreamEnd end = ended;
    if (end == null) {
      end = transport == StreamEnd.COMPLETE ? atEndOfBody() : transport;
    }
    close(end);
    if (budget.exceeded()) {
      note("the message is longer than " + maxMessageBytes + " bytes: the rest is left out");
    }
    Obj whole = new Obj(new LinkedHashMap<>(withError(message()).members()));
    Json failure = error;
    List<String> odd = anomalies.sentences();
    if (!odd.isEmpty()) {
      Arr array = new Arr();
      odd.forEach(each -> array.add(new Str(each)));
      whole.put("_anomalies", array);
    }
    int status = end == StreamEnd.ERROR ? ErrorStatus.of(failure) : OK;
    return new AccumulatedMessage(
        whole, end, status, failure, odd, firstToken, events, keptUsage());
  }

  /** An error before anything else is the answer, as it would have been without a stream. */
  private Obj withError(Obj message) {
    Json failure = error;
    if (failure == null) {
      return message;
    }
    Obj event = message.members().isEmpty() ? errorEvent : null;
    return event != null
        ? event
        : new Obj(new LinkedHashMap<>(message.members())).put("_error", failure);
  }

  /** Takes an event before the protocol's end. */
  abstract void take(SseEvent event);

  /** The message so far, in an object of its own or one that does not change any more. */
  abstract Obj message();

  /** How a stream has ended whose body ended properly, but without the protocol's end. */
  abstract StreamEnd atEndOfBody();

  /** Figures of the usage that a later zero has replaced in the message, by their names. */
  Obj keptUsage() {
    return new Obj();
  }

  /** The stream is over: settles what is open. */
  void close(StreamEnd end) {}

  /** An event after the end. */
  void afterEnd(SseEvent event) {
    odd("after the end of the message: ignored");
  }

  final void odd(String what) {
    anomalies.note(events, what);
  }

  final void end(StreamEnd how) {
    ended = how;
  }

  /** The API's error ends the stream. */
  final void fail(Obj event, Json what) {
    errorEvent = event;
    error = what;
    ended = StreamEnd.ERROR;
  }

  /** Ends the stream if an event is an error, by its member or by its name. */
  final boolean failed(SseEvent event, Obj chunk) {
    Json error = chunk.get("error");
    if (error != null && !(error instanceof Null)) {
      fail(chunk, error);
      return true;
    }
    if (isError(event)) {
      fail(new Obj().put("error", chunk), chunk);
      return true;
    }
    return false;
  }

  /** Whether the stream itself calls the event an error. */
  static boolean isError(SseEvent event) {
    return event.name().equals("error");
  }

  /** Something of the answer has come. */
  final void token() {
    if (firstToken.isEmpty()) {
      firstToken = OptionalLong.of(now);
    }
  }

  /** The event's data if it is an object; else null, and noted. */
  final @Nullable Obj object(SseEvent event) {
    Optional<Json> value = Json.tryParse(event.array(), event.offset(), event.length());
    if (value.isEmpty()) {
      // Bytes that are no UTF-8 are refused: a broken character costs that character, not the
      // event.
      byte[] mended = event.data().getBytes(UTF_8);
      value = Json.tryParse(mended, 0, mended.length);
      if (value.isPresent()) {
        odd("not UTF-8: replaced");
      }
    }
    if (value.isPresent() && value.get() instanceof Obj object) {
      return object;
    }
    odd(value.isPresent() ? "not a JSON object: ignored" : "not JSON: ignored");
    return null;
  }

  /** What a member says if it is an object; an empty one if not. */
  static Map<String, Json> members(Obj object, String name) {
    Obj member = object.object(name);
    return member == null ? Map.of() : member.members();
  }

  static boolean isText(@Nullable Json value) {
    return value instanceof Str(String text) && !text.isEmpty();
  }
}
