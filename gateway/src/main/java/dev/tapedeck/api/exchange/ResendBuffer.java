package dev.tapedeck.api.exchange;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpHeader;
import java.util.ArrayList;
import java.util.List;

/** What of a request may have to be sent once more. */
final class ResendBuffer {

  private final long limit;
  private final List<Bytes> parts = new ArrayList<>(2);
  private List<HttpHeader> trailers = List.of();
  private long length;

  ResendBuffer(long limit) {
    this.limit = limit;
  }

  void add(Bytes part) {
    parts.add(part);
    length += part.length();
  }

  void trailers(List<HttpHeader> fields) {
    trailers = fields;
  }

  List<HttpHeader> trailers() {
    return trailers;
  }

  boolean isTooLong() {
    return length > limit;
  }

  List<Bytes> parts() {
    return parts;
  }
}
