package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.har.HarBody;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One body of an exchange that becomes an entry: in memory, or on its way into a file. */
final class BodyCapture {

  /** Of more chunks than this, two become one with the time of the first. */
  static final int MAX_CHUNKS = 64 * 1024;

  private final @Nullable BodyFile beside;
  private final Blocks wire = new Blocks();
  private final Blocks plain = new Blocks();
  private long[] chunks = new long[8];
  private int used;
  private long kept;
  private long seen;
  private long total = -1;
  private long missing;
  private @Nullable String missingReason;

  /**
   * @param beside where the bytes go; null for memory
   */
  BodyCapture(@Nullable BodyFile beside) {
    this.beside = beside;
  }

  /**
   * @param micros since the exchange began
   */
  void add(HttpEvent.Body body, long micros) throws IOException {
    Bytes data = body.data();
    seen += data.length();
    kept += data.length();
    if (beside != null) {
      beside.add(data.array(), data.offset(), data.length(), body.plain());
    } else {
      (body.plain() ? plain : wire).write(data.array(), data.offset(), data.length());
    }
    if (body.plain()) {
      return;
    }
    if (used == 2 * MAX_CHUNKS) {
      halve();
    }
    if (used == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * used);
    }
    chunks[used++] = micros;
    chunks[used++] = data.length();
  }

  private void halve() {
    for (int i = 0; i < used; i += 4) {
      chunks[i / 2] = chunks[i];
      chunks[i / 2 + 1] = chunks[i + 1] + chunks[i + 3];
    }
    used /= 2;
  }

  void lose(long bytes, String reason) {
    seen += bytes;
    missing += bytes;
    missingReason = missingReason == null ? reason : missingReason;
  }

  void ended(long bytes) {
    total = bytes;
  }

  /** What there is; it is not kept any longer. */
  HarBody take() throws IOException {
    long bytes = total >= 0 ? total : seen;
    return new HarBody(
        beside == null ? wire.take() : beside.excerpt(),
        plain.take(),
        bytes,
        missing,
        missingReason,
        Arrays.copyOf(chunks, used),
        beside == null ? null : beside.seal(missing == 0 && kept == bytes ? bytes : -1));
  }
}
