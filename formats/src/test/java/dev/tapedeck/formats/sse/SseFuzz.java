package dev.tapedeck.formats.sse;

import dev.tapedeck.formats.fuzz.Input;
import java.util.ArrayList;
import java.util.List;

/** Whatever the bytes are: nothing is thrown, and where they are cut changes nothing. */
public final class SseFuzz {

  private SseFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    int limit = 1 + input.choice(200);
    int size = 1 + input.choice(20);
    byte[] stream = input.rest();
    Input.same(
        events(stream, limit, Math.max(1, stream.length)),
        events(stream, limit, size),
        "whole and in pieces");
  }

  private static List<String> events(byte[] stream, int limit, int size) {
    List<String> events = new ArrayList<>();
    SseDecoder decoder =
        new SseDecoder(
            event -> events.add(event + " " + event.id() + " " + event.retryMillis()), limit);
    new Input(stream).pieces(size).forEach(decoder::feed);
    events.add("unfinished " + decoder.finish() + ", " + decoder.discardedFrames());
    return events;
  }
}
