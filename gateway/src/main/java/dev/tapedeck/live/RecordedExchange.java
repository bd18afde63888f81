package dev.tapedeck.live;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Conversation;
import dev.tapedeck.formats.llm.LlmCall;
import dev.tapedeck.formats.llm.Part;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.Usage;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An exchange that has ended: from its HAR entry to a {@link Turn}. Takes whatever is there. */
final class RecordedExchange {

  private final Obj entry;
  private final Obj request;
  private final Obj response;
  private final String path;
  private final Protocol protocol;
  private final @Nullable Json asked;

  RecordedExchange(Obj entry) {
    this.entry = entry;
    this.request = Objects.requireNonNullElseGet(entry.object("request"), Obj::new);
    this.response = Objects.requireNonNullElseGet(entry.object("response"), Obj::new);
    this.path = Urls.path(Objects.requireNonNullElse(request.string("url"), ""));
    this.protocol = Protocol.of(path);
    this.asked = body(request.object("postData"));
  }

  /** Its number in the session; 0 if the entry has none. */
  long number() {
    return entry.integer("_exchange").orElse(0);
  }

  /** All that the request says. */
  List<Part> asks() {
    return Conversation.request(protocol, asked);
  }

  /** All that the answer says. */
  List<Part> answers() {
    return Conversation.answer(protocol, body(response.object("content")));
  }

  /**
   * @param news what of the request was not said before
   */
  Turn turn(long number, List<Part> news) {
    Json answer = body(response.object("content"));
    LlmCall call = LlmCall.of(path, asked, answer);
    // It keeps what was told before a message's figures became 0.
    Obj usage = entry.object("_usage");
    return new Turn(
        number,
        started(),
        Objects.requireNonNullElse(request.string("method"), "?"),
        path,
        call.model(),
        (int) response.integer("status").orElse(0),
        Objects.requireNonNullElse(entry.string("_end"), "complete"),
        entry.string("_error"),
        TextLimit.bounded(news),
        TextLimit.bounded(Conversation.answer(protocol, answer)),
        usage == null ? call.usage() : Usage.read(usage),
        call.stopReason(),
        millis());
  }

  private Instant started() {
    try {
      String text = entry.string("startedDateTime");
      return text == null ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException noTime) {
      return Instant.EPOCH;
    }
  }

  private long millis() {
    try {
      return entry.get("time") instanceof Num(String text)
          ? Math.round(Double.parseDouble(text))
          : 0;
    } catch (NumberFormatException noNumber) {
      return 0;
    }
  }

  private static @Nullable Json body(@Nullable Obj content) {
    String text = content == null ? null : content.string("text");
    if (content == null || text == null) {
      return null;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if ("base64".equals(content.string("encoding"))) {
      try {
        bytes = Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException notEncoded) {
        return null;
      }
    }
    return Json.tryParse(bytes, 0, bytes.length).orElse(null);
  }
}
