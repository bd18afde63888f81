package dev.tapedeck.formats.cast;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a {@link CastEncoder} made of one event: whole lines, to be written with one write, or
 * nothing.
 *
 * <p>A view of the encoder's own buffer: good until the encoder's next call.
 */
public final class CastLine {

  private byte[] array = new byte[0];
  private int length;

  CastLine() {}

  CastLine set(LineBuffer buffer) {
    array = buffer.array();
    length = buffer.length();
    return this;
  }

  /** The buffer; only the {@link #length} bytes from {@link #offset} are this line's. */
  public byte[] array() {
    return array;
  }

  public int offset() {
    return 0;
  }

  public int length() {
    return length;
  }

  /** Whether there is nothing to write: all of the event's bytes wait for the rest of theirs. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** Writes the line with one call; does nothing if it is empty. */
  public void writeTo(OutputStream out) throws IOException {
    if (length > 0) {
      out.write(array, 0, length);
    }
  }

  /** The line with its newline, as text. */
  public String text() {
    return new String(array, 0, length, StandardCharsets.UTF_8);
  }

  /** How long it is; never its text, which may be secret. */
  @Override
  public String toString() {
    return length + " bytes";
  }
}
