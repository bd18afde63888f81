package dev.tapedeck.formats.cast;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes asciicast v3 from events. The stream stays the caller's to flush and close.
 *
 * <p>Intervals are whole milliseconds. What rounding takes from one interval goes into the next, so
 * that every event, however late, lies within half a millisecond of its time.
 *
 * @see <a href="https://docs.asciinema.org/manual/asciicast/v3/">asciicast v3</a>
 */
public final class CastV3Writer implements CastWriter {

  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND_IN_MILLISECONDS = 1000;

  private final LineBuffer buffer = new LineBuffer();
  private final OutputStream out;

  /** The sum of all intervals written. */
  private long writtenMillis;

  /** Writes the header, converted to version 3, at once. */
  public CastV3Writer(OutputStream out, CastHeader header) throws IOException {
    this.out = out;
    HeaderText.append(header.withVersion(3), buffer);
    writeLine();
  }

  @Override
  public void write(CastEvent event) throws IOException {
    long millis = event.time() / MILLISECOND;
    if (event.time() % MILLISECOND >= MILLISECOND / 2) {
      millis++;
    }
    long interval = Math.max(0, millis - writtenMillis);
    writtenMillis += interval;
    buffer
        .raw('[')
        .decimal(interval, 3, SECOND_IN_MILLISECONDS)
        .raw(", ")
        .text(event.code().text())
        .raw(", ")
        .text(event.data())
        .raw("]\n");
    writeLine();
  }

  private void writeLine() throws IOException {
    out.write(buffer.array(), 0, buffer.length());
    buffer.length(0);
  }
}
