package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.har.HarBody;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One body while it passes. For one thread at a time. */
final class BodyCapture {

  private final Blocks wire = new Blocks();
  private final Blocks plain = new Blocks();
  private long[] chunks = new long[8];
  private int used;
  private long seen;
  private long total = -1;
  private long missing;
  private @Nullable String missingReason;

  /**
   * @param micros since the exchange began
   */
  void add(HttpEvent.Body body, long micros) {
    Bytes data = body.data();
    seen += data.length();
    (body.plain() ? plain : wire).write(data.array(), data.offset(), data.length());
    if (body.plain()) {
      return;
    }
    if (used == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * used);
    }
    chunks[used++] = micros;
    chunks[used++] = data.length();
  }

  void lose(long bytes, String reason) {
    seen += bytes;
    missing += bytes;
    missingReason = missingReason == null ? reason : missingReason;
  }

  void ended(long bytes) {
    total = bytes;
  }

  int size() {
    return wire.size() + plain.size();
  }

  /** How many bytes passed, as far as is known. */
  long bytes() {
    return total >= 0 ? total : seen;
  }

  /** What there is; it is not kept any longer. */
  HarBody take() {
    return new HarBody(
        wire.take(), plain.take(), bytes(), missing, missingReason, Arrays.copyOf(chunks, used));
  }
}
