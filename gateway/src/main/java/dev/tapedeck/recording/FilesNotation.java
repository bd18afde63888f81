package dev.tapedeck.recording;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.session.SessionRecord.Payload;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A file transfer as JSON lines, one object for each event:
 *
 * <pre>
 *   {"time":0.512,"event":"operation","operation":"write","path":"/tmp/a","bytes":12,"sha256":"..."}
 * </pre>
 *
 * <p>{@code time} is seconds since the session began. {@code event} is {@code opened}, {@code
 * operation}, {@code output}, {@code error_output}, {@code input}, {@code hidden_input}, {@code
 * marker}, {@code resized} or {@code closed}.
 */
final class FilesNotation implements Notation {

  private static final JsonFactory JSON = new JsonFactory();
  private static final double NANOS = 1e9;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  @Override
  public String suffix() {
    return ".jsonl";
  }

  @Override
  public Lines begin() {
    return Lines.NONE;
  }

  @Override
  public Lines of(Frame frame) {
    return line(frame.time(), generator -> write(generator, frame.event()));
  }

  @Override
  public Lines mark(long time, String label) {
    return line(time, generator -> write(generator, new Event.Marker(label)));
  }

  @Override
  public void skipped() {
    // Each line stands for itself.
  }

  @Override
  public List<Payload> payloads() {
    return List.of();
  }

  private Lines line(long time, Body body) {
    line.reset();
    try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      generator.writeStartObject();
      generator.writeNumberProperty("time", Math.round(time / 1e3) / (NANOS / 1e3));
      body.write(generator);
      generator.writeEndObject();
    }
    line.write('\n');
    return new Lines(line.toByteArray(), 0, line.size(), 1);
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
      case Event.Output output -> text(json, "output", output.data().text());
      case Event.ErrorOutput output -> text(json, "error_output", output.data().text());
      case Event.Input input -> text(json, "input", input.data().text());
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
