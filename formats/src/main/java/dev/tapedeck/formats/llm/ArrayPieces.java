package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * The objects of a JSON array, or of lines of JSON, each as an event as soon as it is whole: how
 * Gemini streams without {@code alt=sse}, and Ollama always. For one thread at a time.
 */
final class ArrayPieces {

  private final Consumer<SseEvent> sink;
  private final int maxBytes;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean tooLong;
  private long discarded;

  ArrayPieces(Consumer<SseEvent> sink, int maxBytes) {
    this.sink = sink;
    this.maxBytes = maxBytes;
  }

  void feed(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      take(bytes[at]);
    }
  }

  private void take(byte value) {
    if (depth == 0 && value != '{') {
      return;
    }
    if (piece.size() < maxBytes) {
      piece.write(value);
    } else {
      tooLong = true;
    }
    if (inString && value == '\n') {
      // No string of JSON holds one: this object is broken, and the next line another.
      depth = 0;
      inString = false;
      escaped = false;
      whole();
    } else if (inString) {
      inString = escaped || value != '"';
      escaped = !escaped && value == '\\';
    } else if (value == '"') {
      inString = true;
    } else if (value == '{') {
      depth++;
    } else if (value == '}' && --depth == 0) {
      whole();
    }
  }

  private void whole() {
    if (tooLong) {
      discarded++;
    } else {
      sink.accept(SseEvent.of(SseEvent.MESSAGE, piece.toByteArray()));
    }
    piece.reset();
    tooLong = false;
  }

  /** How many objects were over the limit. */
  long discarded() {
    return discarded;
  }

  /** Whether the array ended amid an object. */
  boolean finish() {
    return depth > 0;
  }
}
