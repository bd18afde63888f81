package dev.tapedeck.api.replay;

import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.AccumulatedMessage;
import dev.tapedeck.formats.llm.BodyShape;
import dev.tapedeck.formats.llm.MessageEvents;
import dev.tapedeck.formats.llm.MessageStream;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.StreamEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A recorded answer in the form that was asked for: a stream as its message and a message as a
 * stream, and without a coding that the client does not take.
 *
 * @param status 0 if no answer was recorded
 * @param cut whether the answer was never whole
 */
record Reply(int status, String reason, List<HarField> headers, HarWire.Sent body, boolean cut) {

  private static final int OK = 200;
  private static final String ENCODING = "content-encoding";
  private static final String TYPE = "content-type";
  private static final String EVENTS = "text/event-stream";
  private static final String LINES = "application/x-ndjson";
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  /**
   * Makes the answer.
   *
   * @param target path and query that were asked
   * @param asked the request's body
   * @param accepted what its {@code Accept-Encoding} says, or null
   */
  static Reply of(Recorded.Hit hit, String target, byte[] asked, @Nullable String accepted) {
    Reply recorded = recorded(hit.entry());
    String coding = recorded.field(ENCODING);
    if (!hit.exact()) {
      Optional<Reply> other = recorded.without(coding).inTheFormFor(target, asked);
      if (other.isPresent()) {
        return other.get();
      }
    }
    return takes(accepted, coding) ? recorded : recorded.without(coding);
  }

  private static Reply recorded(Obj entry) {
    Obj response = entry.object("response");
    String reason = response == null ? null : response.string("statusText");
    boolean cut =
        entry.get("_end") instanceof Json.Str(String how)
            && !how.equals("complete")
            && !how.equals("error");
    return new Reply(
        response == null ? 0 : (int) response.integer("status").orElse(0),
        reason == null ? "" : reason,
        HarWire.responseHeaders(entry),
        HarWire.responseBody(entry),
        cut);
  }

  private String field(String name) {
    return headers.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(HarField::value)
        .findFirst()
        .orElse("");
  }

  private static boolean takes(@Nullable String accepted, String coding) {
    List<String> names =
        COMMA
            .splitAsStream(accepted == null ? "" : accepted.toLowerCase(Locale.ROOT))
            .map(each -> each.replaceFirst("\\s*;.*", ""))
            .toList();
    return names.contains("*")
        || coding.isBlank()
        || names.containsAll(Arrays.asList(COMMA.split(coding.toLowerCase(Locale.ROOT), -1)));
  }

  /** Without the coding, if it can be undone. */
  private Reply without(String coding) {
    Optional<HarWire.Sent> decoded =
        coding.isBlank() ? Optional.empty() : HarWire.decoded(coding, body);
    return decoded
        .map(plain -> new Reply(status, reason, headersBut(ENCODING), plain, cut))
        .orElse(this);
  }

  private List<HarField> headersBut(String name) {
    return headers.stream().filter(field -> !field.name().equalsIgnoreCase(name)).toList();
  }

  /** Nothing if this is in that form already, or cannot be had in it. */
  private Optional<Reply> inTheFormFor(String target, byte[] asked) {
    Optional<Json> json = Json.tryParse(asked, 0, asked.length);
    boolean coded = !field(ENCODING).isBlank();
    // Of one that was cut off there is no other form: its message would look whole.
    if (status != OK || coded || cut || !(json.orElse(null) instanceof Obj question)) {
      return Optional.empty();
    }
    Protocol protocol = Protocol.of(target);
    boolean stream = isStream(protocol);
    if (stream == protocol.wantsStream(question)) {
      return Optional.empty();
    }
    return stream
        ? MessageStream.of(protocol).map(this::message)
        : events(protocol, RequestKey.wantsUsage(question));
  }

  /** The body decides, as it does in the recording. */
  private boolean isStream(Protocol protocol) {
    byte[] bytes = body.bytes();
    BodyShape shape = BodyShape.of(bytes, 0, bytes.length);
    boolean labelled = field(TYPE).toLowerCase(Locale.ROOT).startsWith(EVENTS);
    return shape.mayBeLines(protocol)
        ? Json.tryParse(bytes, 0, bytes.length).isEmpty()
        : shape.isStream(protocol, labelled);
  }

  private Reply message(MessageStream stream) {
    stream.feed(body.bytes(), 0, body.bytes().length, 0);
    AccumulatedMessage rebuilt = stream.finish(StreamEnd.COMPLETE);
    return with("application/json", rebuilt.message().bytes());
  }

  private Optional<Reply> events(Protocol protocol, boolean usage) {
    Optional<Json> json = Json.tryParse(body.bytes(), 0, body.bytes().length);
    return json.orElse(null) instanceof Obj message
        ? MessageEvents.of(protocol, message, usage)
            .map(events -> with(protocol.isLines() ? LINES : EVENTS, events))
        : Optional.empty();
  }

  /** The same with another body, which comes at once. */
  private Reply with(String type, byte[] other) {
    List<HarField> fields = new ArrayList<>(headersBut(TYPE));
    fields.add(new HarField(TYPE, type));
    return new Reply(status, reason, fields, new HarWire.Sent(other, new long[0]), cut);
  }
}
