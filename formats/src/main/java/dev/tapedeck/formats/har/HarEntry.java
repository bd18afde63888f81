package dev.tapedeck.formats.har;

import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.har.HarExchange.Times;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.AccumulatedMessage;
import dev.tapedeck.formats.llm.LlmCall;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.Usage;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the entry of an exchange: the view for people, with the wire's facts beside it. */
public final class HarEntry {

  /** ISO 8601 with a zone, which Chrome and Firefox insist on. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private HarEntry() {}

  /** The entry; whatever the exchange is like, a valid one. */
  public static Obj of(HarExchange exchange) {
    Body request = Body.of(exchange.body(), exchange.headers());
    Answer answer = exchange.answer();
    Body response = answer == null ? Body.NONE : Body.of(answer.body(), answer.headers());
    Optional<AccumulatedMessage> rebuilt =
        answer == null ? Optional.empty() : StreamedAnswer.rebuild(exchange, answer, response);
    // What lies in a file is shown nowhere as something else.
    boolean asStream = rebuilt.isPresent() && exchange.body().beside() == null;
    byte[] asked = asStream ? request.withoutStream() : request.decoded();

    Obj entry = new Obj();
    entry.put("startedDateTime", TIME.format(exchange.started()));
    entry.put("time", number(exchange.times().total()));
    entry.put("request", request(exchange, asked, asStream));
    entry.put("response", answer == null ? noResponse() : response(answer, response, rebuilt));
    entry.put("cache", new Obj());
    entry.put("timings", timings(exchange.times()));
    entry.put("_resourceType", "fetch");
    facts(entry, exchange, asked, response, rebuilt);
    Obj wire = new Obj();
    wire.put("request", WireFacts.request(exchange, request, asked, asStream));
    if (answer != null) {
      wire.put("response", WireFacts.response(exchange, answer, response, rebuilt.isPresent()));
    }
    entry.put("_wire", wire);
    return entry;
  }

  private static void facts(
      Obj entry,
      HarExchange exchange,
      byte[] asked,
      Body response,
      Optional<AccumulatedMessage> rebuilt) {
    entry.put("_exchange", exchange.number());
    entry.put("_upstream", exchange.upstream());
    entry.put("_end", rebuilt.map(AccumulatedMessage::end).orElse(exchange.end()).label());
    if (exchange.error() != null) {
      entry.put("_error", exchange.error());
    }
    String path = HarAddress.path(exchange.url());
    Protocol protocol = Protocol.of(path);
    if (protocol == Protocol.UNKNOWN) {
      return;
    }
    entry.put("_protocol", protocol.label());
    Json answered =
        rebuilt.<Json>map(AccumulatedMessage::message).orElseGet(() -> json(response.decoded()));
    LlmCall call =
        LlmCall.of(
            path,
            json(asked),
            answered,
            rebuilt.map(AccumulatedMessage::keptUsage).orElseGet(Obj::new));
    putText(entry, "_model", call.model());
    putText(entry, "_stop_reason", call.stopReason());
    Usage usage = call.usage();
    if (usage != null) {
      entry.put("_usage", usage.json());
    }
    rebuilt.ifPresent(stream -> {
      stream.firstTokenNanos().ifPresent(nanos -> entry.put("_ttft", number(Times.millis(nanos))));
      if (stream.status() != 200) {
        entry.put("_status", stream.status());
      }
    });
  }

  private static void putText(Obj object, String name, @Nullable String value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  private static @Nullable Json json(byte[] text) {
    return Json.tryParse(text, 0, text.length).orElse(null);
  }

  private static Obj request(HarExchange exchange, byte[] asked, boolean synthetic) {
    List<HarField> headers = exchange.headers();
    Obj request = new Obj();
    request.put("method", exchange.method());
    request.put("url", exchange.url());
    request.put("httpVersion", exchange.version());
    request.put("cookies", HarCookies.sent(headers));
    request.put(
        "headers", fields(synthetic ? SyntheticHeaders.request(headers, asked.length) : headers));
    request.put("queryString", HarAddress.query(exchange.url()));
    request.put("headersSize", -1);
    request.put("bodySize", exchange.body().bytes());
    HarBody.Beside beside = exchange.body().beside();
    if (beside != null) {
      request.put("postData", HarFiles.postData(HarAddress.mimeType(headers), beside));
    } else if (asked.length > 0) {
      request.put("postData", HarText.postData(HarAddress.mimeType(headers), asked));
    }
    return request;
  }

  private static Obj response(Answer answer, Body body, Optional<AccumulatedMessage> understood) {
    HarBody.Beside beside = answer.body().beside();
    Optional<AccumulatedMessage> rebuilt = beside == null ? understood : Optional.empty();
    Obj response = new Obj();
    List<HarField> headers = answer.headers();
    byte[] text = rebuilt.map(stream -> stream.message().bytes()).orElseGet(body::decoded);
    response.put("status", answer.status());
    response.put("statusText", answer.reason());
    response.put("httpVersion", answer.version());
    response.put("cookies", HarCookies.set(headers));
    response.put(
        "headers",
        fields(rebuilt.isPresent() ? SyntheticHeaders.response(headers, text.length) : headers));
    String type = rebuilt.isPresent() ? "application/json" : HarAddress.mimeType(headers);
    Obj content = beside == null ? HarText.content(type, text) : HarFiles.content(type, beside);
    if (beside == null && rebuilt.isEmpty() && body.coded()) {
      content.put("compression", text.length - answer.body().bytes());
    }
    response.put("content", content);
    String location = HarAddress.first(headers, "location");
    response.put("redirectURL", location == null ? "" : location);
    response.put("headersSize", -1);
    response.put("bodySize", answer.body().bytes());
    return response;
  }

  /** What Chrome writes where nothing came back. */
  private static Obj noResponse() {
    return new Obj()
        .put("status", 0)
        .put("statusText", "")
        .put("httpVersion", "")
        .put("cookies", new Arr())
        .put("headers", new Arr())
        .put("content", new Obj().put("size", 0).put("mimeType", "x-unknown"))
        .put("redirectURL", "")
        .put("headersSize", -1)
        .put("bodySize", -1);
  }

  private static Obj timings(Times times) {
    Obj timings = new Obj();
    timings.put("blocked", number(Times.millis(times.blocked())));
    timings.put("dns", -1);
    timings.put("connect", number(Times.millis(times.connect())));
    timings.put("send", number(Math.max(0, Times.millis(times.send()))));
    timings.put("wait", number(Math.max(0, Times.millis(times.await()))));
    timings.put("receive", number(Math.max(0, Times.millis(times.receive()))));
    timings.put("ssl", -1);
    return timings;
  }

  static Arr fields(List<HarField> fields) {
    Arr array = new Arr();
    fields.forEach(
        field -> array.add(new Obj().put("name", field.name()).put("value", field.value())));
    return array;
  }

  static Num number(double value) {
    return new Num(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
  }
}
