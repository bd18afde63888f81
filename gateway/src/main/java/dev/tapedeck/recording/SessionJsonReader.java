package dev.tapedeck.recording;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code session.json}. Every complaint names the value that it is about: {@code
 * tracks[1].events}.
 */
final class SessionJsonReader {

  private SessionJsonReader() {}

  static SessionRecord read(byte[] json, String where) throws IOException {
    try {
      return session(new Fields(SessionJson.JSON.readTree(json), ""));
    } catch (JacksonException e) {
      throw new IOException(
          "cannot read %s: not JSON at line %d, column %d: %s"
              .formatted(
                  where,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (Unfit e) {
      throw new IOException("cannot read " + where + ": " + e.getMessage(), e);
    }
  }

  private static SessionRecord session(Fields json) {
    return new SessionRecord(
        json.value("id", SessionId::parse),
        json.text("kind"),
        json.text("user"),
        json.text("source"),
        json.value("started", Instant::parse),
        json.has("ended") ? json.value("ended", Instant::parse) : null,
        json.value("status", text -> Status.valueOf(text.toUpperCase(Locale.ROOT))),
        json.textOrNull("reason"),
        attributes(json),
        json.list("tracks", SessionJsonReader::track),
        json.list("gaps", SessionJsonReader::gap));
  }

  /** Every other string: what only this kind of session has. */
  private static Map<String, String> attributes(Fields json) {
    Map<String, String> attributes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> property : json.node.properties()) {
      if (property.getValue().isString() && !SessionJson.RESERVED.contains(property.getKey())) {
        attributes.put(property.getKey(), property.getValue().stringValue());
      }
    }
    return attributes;
  }

  private static TrackRecord track(Fields json) {
    Long exitStatus = json.numberOrNull("exit_status");
    return new TrackRecord(
        json.text("name"),
        json.text("type"),
        json.text("file"),
        json.number("started_ms"),
        json.textOrNull("command"),
        json.number("events"),
        json.number("bytes"),
        exitStatus == null ? null : (Integer) exitStatus.intValue(),
        json.textOrNull("sha256"),
        json.list("payloads", SessionJsonReader::payload));
  }

  private static Payload payload(Fields json) {
    return new Payload(
        json.text("direction"),
        json.number("offset"),
        json.number("bytes"),
        json.number("kept"),
        json.textOrNull("sha256"));
  }

  private static Gap gap(Fields json) {
    return new Gap(
        json.text("track"),
        json.number("from_ms"),
        json.numberOrNull("to_ms"),
        json.number("events"),
        json.number("bytes"),
        json.text("reason"));
  }

  /** What makes a file no {@code session.json}; never leaves this class. */
  private static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
      super(message);
    }
  }

  /**
   * An object of the file.
   *
   * @param path where it lies in the file, with a dot at its end; empty for the whole
   */
  private record Fields(JsonNode node, String path) {

    Fields {
      if (!node.isObject()) {
        throw new Unfit(
            (path.isEmpty() ? "it" : path.substring(0, path.length() - 1)) + " is not an object");
      }
    }

    boolean has(String name) {
      return !node.path(name).isMissingNode() && !node.path(name).isNull();
    }

    String text(String name) {
      return value(name, Function.identity());
    }

    @Nullable String textOrNull(String name) {
      return has(name) ? text(name) : null;
    }

    <T> T value(String name, Function<String, T> parse) {
      JsonNode value = node.path(name);
      if (!value.isString()) {
        throw new Unfit(path + name + (has(name) ? " is not a string" : " is missing"));
      }
      try {
        return parse.apply(value.stringValue());
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new Unfit(path + name + " cannot be '" + value.stringValue() + "'");
      }
    }

    long number(String name) {
      JsonNode value = node.path(name);
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw new Unfit(path + name + (has(name) ? " is not a whole number" : " is missing"));
      }
      return value.longValue();
    }

    @Nullable Long numberOrNull(String name) {
      return has(name) ? (Long) number(name) : null;
    }

    /** The elements of an array; none if it is missing. */
    <T> List<T> list(String name, Function<Fields, T> element) {
      JsonNode array = node.path(name);
      if (has(name) && !array.isArray()) {
        throw new Unfit(path + name + " is not an array");
      }
      List<T> elements = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        elements.add(element.apply(new Fields(array.get(i), path + name + "[" + i + "].")));
      }
      return elements;
    }
  }
}
