package dev.tapedeck.bench.api;

import java.util.HashMap;
import java.util.Map;

/**
 * What the client wants of the upstream, told in the query of the address, so that it passes any
 * gateway unread.
 *
 * @param stream a number for this stream, which each of its events names
 * @param events how many deltas; none asks for a small JSON answer instead
 * @param gapMicros from one event to the next; 0 for as fast as possible
 * @param firstMicros until the first one
 * @param pad further bytes of text in each event
 */
record Ask(int stream, int events, int gapMicros, int firstMicros, int pad) {

  static final Ask SMALL = new Ask(0, 0, 0, 0, 0);

  private static final String PATH = "/v1/messages";

  /** The request's target. */
  String target() {
    return PATH
        + "?stream="
        + stream
        + "&events="
        + events
        + "&gap="
        + gapMicros
        + "&first="
        + firstMicros
        + "&pad="
        + pad;
  }

  /**
   * What a target asks for.
   *
   * @throws IllegalArgumentException if it was not made by {@link #target}
   */
  static Ask of(String target) {
    int query = target.indexOf('?');
    if (query < 0) {
      throw new IllegalArgumentException("no query: " + target);
    }
    Map<String, Integer> values = new HashMap<>();
    for (String pair : target.substring(query + 1).split("&", -1)) {
      int is = pair.indexOf('=');
      values.put(pair.substring(0, is), Integer.valueOf(pair.substring(is + 1)));
    }
    return new Ask(
        need(values, "stream"),
        need(values, "events"),
        need(values, "gap"),
        need(values, "first"),
        need(values, "pad"));
  }

  private static int need(Map<String, Integer> values, String name) {
    Integer value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }
}
