package dev.tapedeck.api.redaction;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.formats.coding.BodyDecoder;

/** Undoes a body's content codings while it passes. For one thread. */
final class Decoding {

  private final BodyDecoder decoder;
  private boolean closed;

  /**
   * @param into where what was decoded goes
   */
  Decoding(String coding, long maxBytes, BodyDecoder.Sink into) {
    this.decoder = new BodyDecoder(coding, maxBytes, into);
  }

  void feed(Bytes data) {
    if (!closed) {
      decoder.feed(data.array(), data.offset(), data.length());
    }
  }

  /** Whether bytes came that could not be decoded. */
  boolean beyond() {
    return !closed && decoder.stopped() != null;
  }

  /** Whether bytes came whose content is not known yet. */
  boolean holds() {
    return !closed && decoder.holds();
  }

  void close() {
    if (!closed) {
      closed = true;
      decoder.finish();
      decoder.close();
    }
  }
}
