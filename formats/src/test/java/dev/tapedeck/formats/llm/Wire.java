package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.JsonException;

/** Streams written down in tests, and what comes out of them. */
final class Wire {

  private Wire() {}

  /** Each line is one event's data. */
  static AccumulatedMessage rebuilt(Protocol protocol, String lines) {
    return rebuilt(protocol, lines, StreamEnd.COMPLETE);
  }

  static AccumulatedMessage rebuilt(Protocol protocol, String lines, StreamEnd transport) {
    MessageStream stream = MessageStream.of(protocol).orElseThrow();
    long time = 0;
    for (String line : lines.lines().filter(each -> !each.isBlank()).toList()) {
      feed(stream, "data: " + line + "\n\n", ++time);
    }
    return stream.finish(transport);
  }

  static void feed(MessageStream stream, String text, long nanos) {
    byte[] bytes = text.getBytes(UTF_8);
    stream.feed(bytes, 0, bytes.length, nanos);
  }

  static AccumulatedMessage rebuilt(Protocol protocol, byte[] wire, StreamEnd transport) {
    MessageStream stream = MessageStream.of(protocol).orElseThrow();
    stream.feed(wire, 0, wire.length, 1);
    return stream.finish(transport);
  }

  static Json json(String text) {
    try {
      return Json.parse(text);
    } catch (JsonException e) {
      throw new AssertionError(text, e);
    }
  }
}
