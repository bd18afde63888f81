package dev.tapedeck.api.redaction;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.formats.coding.BodyDecoder;
import java.io.ByteArrayOutputStream;

/** Undoes a body's content codings while it passes. For one thread. */
final class Decoding {

  private final BodyDecoder decoder;
  private boolean closed;

  /**
   * @param into where what was decoded is appended
   */
  Decoding(String coding, long maxBytes, ByteArrayOutputStream into) {
    this.decoder = new BodyDecoder(coding, maxBytes, into::write);
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

  void close() {
    if (!closed) {
      closed = true;
      decoder.finish();
      decoder.close();
    }
  }
}
