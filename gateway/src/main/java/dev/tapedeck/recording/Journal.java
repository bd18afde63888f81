package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is written of exchanges in flight, so that a crash leaves a part of them: JSON lines, one
 * for each event, beside the HAR.
 *
 * <pre>
 *   {"t":NANOS,"x":EXCHANGE,"e":"requested"|"connected"|...,...}
 *   {"x":EXCHANGE,"e":"written"}     its entry is in the HAR: nothing is left to do for it
 * </pre>
 */
public final class Journal {

  /** What a HAR's name is followed by in its journal's. */
  public static final String SUFFIX = ".journal";

  private Journal() {}

  /**
   * An event with its time.
   *
   * @param time in nanoseconds of the session's clock
   */
  public record Line(long time, HttpEvent event) {}

  /**
   * The bytes of a body that a line has.
   *
   * @return null if the line is no body's, or not of this exchange
   * @throws IOException if it begins as one and is none
   */
  static @Nullable Line body(byte[] array, int begin, int end, long exchange) throws IOException {
    BodyLine line = BodyLine.of(array, begin, end);
    return line == null || line.exchange() != exchange ? null : line.read();
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is none of this journal's
   */
  public static Entry read(byte[] array, int begin, int end) throws IOException {
    BodyLine line = BodyLine.of(array, begin, end);
    return line == null
        ? read(new String(array, begin, end - begin, StandardCharsets.UTF_8))
        : new Entry.Happened(line.read());
  }

  static byte[] line(HttpEvent event, long time) {
    return event instanceof HttpEvent.Body body ? body(body, time) : small(event, time);
  }

  /** Without a tree and a text in between: nearly all that passes is bodies. */
  private static byte[] body(HttpEvent.Body event, long time) {
    byte[] head =
        ("{\"t\":"
                + time
                + ",\"x\":"
                + event.exchange()
                + ",\"e\":\"body\",\"side\":\""
                + label(event.side())
                + "\",\"plain\":"
                + event.plain()
                + ",\"data\":\"")
            .getBytes(StandardCharsets.US_ASCII);
    Bytes bytes = event.data();
    ByteBuffer data =
        Base64.getEncoder().encode(ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length()));
    byte[] line = new byte[head.length + data.remaining() + BODY_END.length];
    System.arraycopy(head, 0, line, 0, head.length);
    int end = head.length + data.remaining();
    data.get(line, head.length, data.remaining());
    System.arraycopy(BODY_END, 0, line, end, BODY_END.length);
    return line;
  }

  private static final byte[] BODY_END = "\"}\n".getBytes(StandardCharsets.US_ASCII);

  private static byte[] small(HttpEvent event, long time) {
    Obj line = new Obj().put("t", time).put("x", event.exchange());
    switch (event) {
      case HttpEvent.Requested e ->
          line.put("e", "requested")
              .put("time", e.time().toString())
              .put("upstream", e.upstream())
              .put("method", e.method())
              .put("url", e.url())
              .put("version", e.version())
              .put("headers", headers(e.headers()));
      case HttpEvent.Connected e -> line.put("e", "connected").put("reused", e.reused());
      case HttpEvent.Answered e ->
          line.put("e", "answered")
              .put("status", e.status())
              .put("reason", e.reason())
              .put("version", e.version())
              .put("headers", headers(e.headers()));
      case HttpEvent.Interim e ->
          line.put("e", "interim").put("status", e.status()).put("headers", headers(e.headers()));
      case HttpEvent.Trailers e ->
          line.put("e", "trailers")
              .put("side", label(e.side()))
              .put("headers", headers(e.headers()));
      case HttpEvent.Body _ -> throw new IllegalArgumentException("bodies have a way of their own");
      case HttpEvent.Missing e ->
          line.put("e", "missing")
              .put("side", label(e.side()))
              .put("bytes", e.bytes())
              .put("reason", e.reason())
              .put("gap", e.gap());
      case HttpEvent.BodyEnded e ->
          line.put("e", "ended").put("side", label(e.side())).put("bytes", e.bytes());
      case HttpEvent.Finished e -> {
        line.put("e", "finished").put("end", e.end().label());
        if (e.error() != null) {
          line.put("error", e.error());
        }
      }
    }
    return bytes(line);
  }

  static byte[] written(long exchange) {
    return bytes(new Obj().put("x", exchange).put("e", WRITTEN));
  }

  private static final String WRITTEN = "written";

  private static byte[] bytes(Obj line) {
    Blocks bytes = new Blocks();
    JsonText.write(line, bytes);
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static Arr headers(List<HttpHeader> headers) {
    Arr array = new Arr();
    headers.forEach(header ->
        array.add(new Arr().add(new Json.Str(header.name())).add(new Json.Str(header.value()))));
    return array;
  }

  private static String label(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  /** What a line says. */
  public sealed interface Entry {
    /** Something happened. */
    record Happened(Line line) implements Entry {}

    /** The exchange is in the HAR. */
    record Written(long exchange) implements Entry {}
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is none of this journal's
   */
  public static Entry read(String text) throws IOException {
    try {
      Obj line = (Obj) Json.parse(text);
      long exchange = line.integer("x").orElseThrow();
      String kind = need(line, "e");
      return kind.equals(WRITTEN)
          ? new Entry.Written(exchange)
          : new Entry.Happened(
              new Line(line.integer("t").orElseThrow(), event(line, exchange, kind)));
    } catch (Exception e) {
      throw new IOException("not a line of a journal: " + e.getMessage(), e);
    }
  }

  private static HttpEvent event(Obj line, long exchange, String kind) throws IOException {
    return switch (kind) {
      case "requested" ->
          new HttpEvent.Requested(
              exchange,
              Instant.parse(need(line, "time")),
              need(line, "upstream"),
              need(line, "method"),
              need(line, "url"),
              need(line, "version"),
              headers(line));
      case "connected" -> new HttpEvent.Connected(exchange, flag(line, "reused"));
      case "answered" ->
          new HttpEvent.Answered(
              exchange,
              Math.toIntExact(line.integer("status").orElseThrow()),
              need(line, "reason"),
              need(line, "version"),
              headers(line));
      case "interim" ->
          new HttpEvent.Interim(
              exchange, Math.toIntExact(line.integer("status").orElseThrow()), headers(line));
      case "trailers" -> new HttpEvent.Trailers(exchange, side(line), headers(line));
      case "body" ->
          new HttpEvent.Body(
              exchange,
              side(line),
              Bytes.of(Base64.getDecoder().decode(need(line, "data"))),
              flag(line, "plain"));
      case "missing" ->
          new HttpEvent.Missing(
              exchange,
              side(line),
              line.integer("bytes").orElseThrow(),
              need(line, "reason"),
              flag(line, "gap"));
      case "ended" ->
          new HttpEvent.BodyEnded(exchange, side(line), line.integer("bytes").orElseThrow());
      case "finished" ->
          new HttpEvent.Finished(
              exchange,
              End.valueOf(need(line, "end").toUpperCase(Locale.ROOT)),
              line.string("error"));
      default -> throw new IOException("no such event: " + kind);
    };
  }

  private static String need(Obj line, String name) throws IOException {
    String text = line.string(name);
    if (text == null) {
      throw new IOException("no " + name);
    }
    return text;
  }

  private static boolean flag(Obj line, String name) {
    return new Bool(true).equals(line.get(name));
  }

  private static Side side(Obj line) throws IOException {
    return Side.valueOf(need(line, "side").toUpperCase(Locale.ROOT));
  }

  private static List<HttpHeader> headers(Obj line) throws IOException {
    Arr array = line.array("headers");
    if (array == null) {
      throw new IOException("no headers");
    }
    List<HttpHeader> headers = new ArrayList<>();
    for (Json field : array.values()) {
      if (field instanceof Arr(List<Json> pair)
          && pair.size() == 2
          && pair.get(0) instanceof Json.Str(String name)
          && pair.get(1) instanceof Json.Str(String value)) {
        headers.add(new HttpHeader(name, value));
      }
    }
    return headers;
  }
}
