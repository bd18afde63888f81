package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A file transfer as JSON lines, one object for each event:
 *
 * <pre>
 *   {"time":0.512,"event":"operation","operation":"write","path":"/tmp/a","bytes":12,"sha256":"..."}
 *   {"time":0.6,"event":"error_output","text":"scp: no space left\n"}
 *   {"time":0.7,"event":"input","base64":"AAEC"}
 * </pre>
 *
 * <p>What passes that is no part of a transfer is kept: as text where it is UTF-8, else as its
 * bytes, up to the track's {@link PayloadLimit}.
 *
 * <p>{@code time} is seconds since the session began. {@code event} is {@code opened}, {@code
 * operation}, {@code output}, {@code error_output}, {@code input}, {@code hidden_input}, {@code
 * marker}, {@code resized} or {@code closed}.
 */
final class FilesFormat implements TrackFormat {

  private static final JsonFactory JSON = new JsonFactory();
  private static final double NANOS = 1e9;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final PayloadLimit limit;
  private final PayloadWatch output;
  private final PayloadWatch error;
  private final PayloadWatch input;

  private int events;
  private long time;

  /**
   * Notes for one track.
   *
   * @param limit how much is kept of what is neither text nor part of a transfer
   */
  FilesFormat(PayloadLimit limit) {
    this.limit = limit;
    this.output = new PayloadWatch("output", limit);
    this.error = new PayloadWatch("error", limit);
    this.input = new PayloadWatch("input", limit);
  }

  @Override
  public String suffix() {
    return ".jsonl";
  }

  @Override
  public Lines begin() {
    return Lines.NONE;
  }

  @Override
  public Lines of(Frame frame) throws IOException {
    limit.at(frame.time());
    begin(frame.time());
    switch (frame.event()) {
      case Event.Output out -> passed("output", output, out.data());
      case Event.ErrorOutput err -> passed("error_output", error, err.data());
      case Event.Input in -> passed("input", input, in.data());
      case Event.TrackClosed closed -> {
        watches().forEach(watch -> watch.end().ifPresent(this::marker));
        limit.whole().ifPresent(this::marker);
        line(generator -> write(generator, closed));
      }
      case Event.TrackOpened _,
          Event.HiddenInput _,
          Event.Resized _,
          Event.Marker _,
          Event.FileOperation _,
          HttpEvent _ ->
          line(generator -> write(generator, frame.event()));
    }
    limit.check();
    return taken();
  }

  private void passed(String event, PayloadWatch watch, Bytes data) {
    Optional<String> text = data.utf8();
    if (text.isPresent()) {
      line(json -> text(json, event, text.get()));
    } else if (watch.keep(data.toArray(), 0)) {
      line(json -> {
        json.writeStringProperty("event", event);
        json.writeStringProperty("base64", Base64.getEncoder().encodeToString(data.toArray()));
      });
    }
    watch.passed(data);
    limit.beginning().ifPresent(this::marker);
  }

  private void marker(String label) {
    line(generator -> write(generator, new Event.Marker(label)));
  }

  @Override
  public Lines mark(long time, String label) {
    begin(time);
    marker(label);
    return taken();
  }

  @Override
  public void skipped() {
    watches().forEach(PayloadWatch::skipped);
  }

  @Override
  public List<Payload> payloads() {
    return watches().flatMap(watch -> watch.payload().stream()).toList();
  }

  @Override
  public List<Gap> gaps() {
    return limit.gaps();
  }

  private Stream<PayloadWatch> watches() {
    return Stream.of(input, output, error);
  }

  private void begin(long now) {
    lines.reset();
    events = 0;
    time = now;
  }

  private Lines taken() {
    return new Lines(lines.toByteArray(), 0, lines.size(), events);
  }

  private void line(Body body) {
    try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), lines)) {
      generator.writeStartObject();
      generator.writeNumberProperty("time", Math.round(time / 1e3) / (NANOS / 1e3));
      body.write(generator);
      generator.writeEndObject();
    }
    lines.write('\n');
    events++;
  }

  private static void write(JsonGenerator json, Event event) {
    switch (event) {
      case Event.TrackOpened opened -> {
        json.writeStringProperty("event", "opened");
        string(json, "command", opened.command());
      }
      case Event.FileOperation operation -> {
        json.writeStringProperty("event", "operation");
        json.writeStringProperty("operation", operation.operation());
        json.writeStringProperty("path", operation.path());
        string(json, "target", operation.target());
        json.writeNumberProperty("bytes", operation.bytes());
        string(json, "sha256", operation.sha256());
        string(json, "error", operation.error());
        if (operation.mode() != null) {
          json.writeStringProperty("mode", "%04o".formatted(operation.mode()));
        }
      }
      case Event.Output _, Event.ErrorOutput _, Event.Input _ ->
          throw new IllegalArgumentException("not written here: " + event);
      case Event.HiddenInput hidden -> {
        json.writeStringProperty("event", "hidden_input");
        json.writeNumberProperty("bytes", hidden.count());
      }
      case Event.Resized resized -> text(json, "resized", resized.size().toString());
      case Event.Marker marker -> text(json, "marker", marker.label());
      case HttpEvent http -> throw new IllegalArgumentException("in a file transfer: " + http);
      case Event.TrackClosed closed -> {
        json.writeStringProperty("event", "closed");
        json.writeNumberProperty("exit_status", closed.status().number());
      }
    }
  }

  private static void text(JsonGenerator json, String event, String text) {
    json.writeStringProperty("event", event);
    json.writeStringProperty("text", text);
  }

  private static void string(JsonGenerator json, String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  private interface Body {
    void write(JsonGenerator generator);
  }
}
