package dev.tapedeck.formats.cast;

import java.io.IOException;
import java.io.OutputStream;

/** Writes asciicast v2 from events. The stream stays the caller's to flush and close. */
public final class CastV2Writer implements CastWriter {

  private final CastEncoder encoder = new CastEncoder();
  private final OutputStream out;

  /** Writes the header at once. */
  public CastV2Writer(OutputStream out, CastHeader header) throws IOException {
    this.out = out;
    encoder.header(header).writeTo(out);
  }

  @Override
  public void write(CastEvent event) throws IOException {
    encoder.event(event.time(), event.code(), event.data()).writeTo(out);
  }
}
