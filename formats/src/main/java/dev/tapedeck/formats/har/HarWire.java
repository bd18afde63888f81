package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.coding.DecodedEnd;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.BodyShape;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.sse.SseDecoder;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An entry as it really was on the wire, out of one that shows what it stood for. */
public final class HarWire {

  private HarWire() {}

  /**
   * What a body was on the wire.
   *
   * @param bytes as they came; decoded where a secret was taken out
   * @param chunks when they came, microseconds since the request began, and how many, in turns
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Sent(byte[] bytes, long[] chunks) {}

  /** The entry with the wire's facts in their places, and without {@code _wire}. */
  public static Obj expand(Obj entry) {
    Obj wire = entry.object("_wire");
    Obj expanded = (Obj) entry.copy();
    expanded.members().remove("_wire");
    if (wire == null) {
      return expanded;
    }
    Obj request = expanded.object("request");
    Obj asked = wire.object("request");
    if (request != null && asked != null) {
      request(request, asked);
    }
    Obj response = expanded.object("response");
    Obj answered = wire.object("response");
    if (response != null && answered != null) {
      response(entry, expanded, response, answered);
    }
    return expanded;
  }

  private static void request(Obj request, Obj facts) {
    put(request, facts, "headers");
    Obj post = request.object("postData");
    if (post == null) {
      return;
    }
    byte[] sent = requestBody(request, facts).bytes();
    request.put("postData", HarText.postData(mimeType(post), sent));
  }

  private static void response(Obj entry, Obj expanded, Obj response, Obj facts) {
    put(response, facts, "headers");
    Sent sent = responseBody(response, facts);
    List<HarField> headers = fields(response.array("headers"));
    boolean redacted = Json.Bool.class.isInstance(facts.get("redacted"));
    String coding = redacted ? "" : BodyCoding.of(headers, sent.bytes());
    byte[] text =
        coding.isEmpty()
            ? sent.bytes()
            : BodyDecoder.decode(coding, sent.bytes(), Body.MAX_DECODED_BYTES).bytes();
    boolean events = isEvents(entry, headers, text);
    Obj content =
        HarText.content(events ? HarAddress.EVENT_STREAM : HarAddress.mimeType(headers), text);
    if (!coding.isEmpty()) {
      content.put("compression", text.length - sent.bytes().length);
    }
    response.put("content", content);
    if (events) {
      expanded.put("_eventSourceMessages", messages(began(entry), coding, sent));
    }
  }

  /** The body decides where an API is known to have streams, and JSON is none in any case. */
  private static boolean isEvents(Obj entry, List<HarField> headers, byte[] text) {
    Obj request = entry.object("request");
    String url = request == null ? null : request.string("url");
    Protocol protocol = Protocol.of(url == null ? "" : HarAddress.path(url));
    return switch (BodyShape.of(text, 0, text.length)) {
      case EVENTS -> protocol != Protocol.UNKNOWN || HarAddress.isEventStream(headers);
      case OBJECT, ARRAY -> false;
      case OTHER -> HarAddress.isEventStream(headers);
    };
  }

  private static void put(Obj into, Obj facts, String name) {
    Json value = facts.get(name);
    if (value != null) {
      into.put(name, value.copy());
    }
  }

  private static String mimeType(Obj part) {
    String type = part.string("mimeType");
    return type == null ? "x-unknown" : type;
  }

  /** The request's body as it was sent; for an entry without {@code _wire} what it shows. */
  public static Sent requestBody(Obj entry) {
    Obj request = entry.object("request");
    Obj wire = entry.object("_wire");
    Obj facts = wire == null ? null : wire.object("request");
    return requestBody(request == null ? new Obj() : request, facts == null ? new Obj() : facts);
  }

  /**
   * The response's header fields as they were, but for a {@code Content-Encoding} that {@link
   * #responseBody} has no more: of an entry without {@code _wire}, or where a secret was taken out.
   */
  public static List<HarField> responseHeaders(Obj entry) {
    Obj response = entry.object("response");
    Obj wire = entry.object("_wire");
    Obj facts = wire == null ? null : wire.object("response");
    Arr headers = facts == null ? null : facts.array("headers");
    List<HarField> fields =
        fields(headers == null && response != null ? response.array("headers") : headers);
    if (facts == null || facts.object("body") == null || facts.get("redacted") != null) {
      fields.removeIf(field -> field.name().equalsIgnoreCase("content-encoding"));
    }
    return fields;
  }

  /** The body without a content coding, its times kept; nothing if that cannot be undone. */
  public static Optional<Sent> decoded(String coding, Sent sent) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    long[] chunks = sent.chunks().clone();
    try (BodyDecoder decoder = new BodyDecoder(coding, Body.MAX_DECODED_BYTES, plain::write)) {
      int at = 0;
      for (int i = 0; i + 1 < chunks.length; i += 2) {
        long before = plain.size();
        int length = (int) Math.min(chunks[i + 1], sent.bytes().length - at);
        decoder.feed(sent.bytes(), at, length);
        at += length;
        chunks[i + 1] = plain.size() - before;
      }
      decoder.feed(sent.bytes(), at, sent.bytes().length - at);
      DecodedEnd end = decoder.finish();
      return end.isComplete() || end instanceof DecodedEnd.Truncated
          ? Optional.of(new Sent(plain.toByteArray(), chunks))
          : Optional.empty();
    }
  }

  /** The request's body as it was sent. */
  static Sent requestBody(Obj request, Obj facts) {
    byte[] kept = stored(facts);
    if (kept == null) {
      Obj post = request.object("postData");
      kept = post == null ? new byte[0] : shown(post, "_encoding");
      Arr flags = facts.array("stream");
      kept = flags == null ? kept : withStream(kept, flags);
    }
    return new Sent(kept, chunks(facts));
  }

  /**
   * The response's body as it came, with its times; for an entry without {@code _wire} its content.
   */
  public static Sent responseBody(Obj entry) {
    Obj response = entry.object("response");
    Obj wire = entry.object("_wire");
    Obj facts = wire == null ? null : wire.object("response");
    return responseBody(response == null ? new Obj() : response, facts == null ? new Obj() : facts);
  }

  private static Sent responseBody(Obj response, Obj facts) {
    byte[] kept = stored(facts);
    if (kept == null) {
      Obj content = response.object("content");
      kept = content == null ? new byte[0] : shown(content, "encoding");
    }
    return new Sent(kept, chunks(facts));
  }

  private static byte[] shown(Obj part, String encoding) {
    String text = part.string("text");
    if (text == null) {
      return new byte[0];
    }
    return WireFacts.BASE64.equals(part.string(encoding))
        ? base64(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] stored(Obj facts) {
    Obj body = facts.object("body");
    String data = body == null ? null : body.string("data");
    if (body == null || data == null) {
      return null;
    }
    byte[] bytes = base64(data);
    return WireFacts.ZSTD.equals(body.string("encoding"))
        ? BodyDecoder.decode("zstd", bytes, Body.MAX_DECODED_BYTES).bytes()
        : bytes;
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  /** The text with {@code true} again where the view has {@code false}. */
  private static byte[] withStream(byte[] shown, Arr flags) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream(shown.length);
    int from = 0;
    for (Json flag : flags.values()) {
      OptionalLong at = flag instanceof Num number ? number.integer() : OptionalLong.empty();
      if (at.isPresent() && at.getAsLong() >= from && at.getAsLong() + 5 <= shown.length) {
        sent.write(shown, from, (int) at.getAsLong() - from);
        sent.writeBytes("true".getBytes(StandardCharsets.US_ASCII));
        from = (int) at.getAsLong() + "false".length();
      }
    }
    sent.write(shown, from, shown.length - from);
    return sent.toByteArray();
  }

  private static long[] chunks(Obj facts) {
    Arr array = facts.array("chunks");
    return array == null
        ? new long[0]
        : array.values().stream()
            .mapToLong(value -> value instanceof Num number ? number.integer().orElse(0) : 0)
            .toArray();
  }

  private static List<HarField> fields(@Nullable Arr headers) {
    List<HarField> fields = new ArrayList<>();
    if (headers != null) {
      for (Json header : headers.values()) {
        if (header instanceof Obj field
            && field.get("name") instanceof Str(String name)
            && field.get("value") instanceof Str(String value)) {
          fields.add(new HarField(name, value));
        }
      }
    }
    return fields;
  }

  private static Instant began(Obj entry) {
    try {
      return OffsetDateTime.parse(String.valueOf(entry.string("startedDateTime"))).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /** As Chrome keeps the events of a stream. */
  private static Arr messages(Instant began, String coding, Sent sent) {
    Arr messages = new Arr();
    long[] micros = {0};
    SseDecoder decoder =
        new SseDecoder(event ->
            messages.add(
                new Obj()
                    .put("time", seconds(began, micros[0]))
                    .put("eventName", event.name())
                    .put("eventId", "")
                    .put("data", event.data())));
    try (BodyDecoder body = new BodyDecoder(coding, Body.MAX_DECODED_BYTES, decoder::feed)) {
      int at = 0;
      for (int i = 0; i + 1 < sent.chunks().length && at < sent.bytes().length; i += 2) {
        micros[0] = sent.chunks()[i];
        int length = (int) Math.min(sent.chunks()[i + 1], sent.bytes().length - at);
        body.feed(sent.bytes(), at, length);
        at += length;
      }
      body.feed(sent.bytes(), at, sent.bytes().length - at);
      body.finish();
    }
    decoder.finish();
    return messages;
  }

  private static Num seconds(Instant began, long micros) {
    return new Num(BigDecimal.valueOf(began.toEpochMilli() * 1000 + micros, 6).toPlainString());
  }
}
