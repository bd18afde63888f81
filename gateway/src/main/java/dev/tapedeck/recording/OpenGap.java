package dev.tapedeck.recording;

import dev.tapedeck.event.Frame;
import dev.tapedeck.session.SessionRecord.Gap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a recording lacks so far. For one thread at a time. */
final class OpenGap {

  /** How the label of every gap's mark begins. */
  private static final String LABEL = "recording gap";

  private static final double NANOS = 1e9;

  private final long from;
  private final String reason;
  private long lastTime;
  private long events;
  private long bytes;

  OpenGap(long from, String reason) {
    this.from = from;
    this.reason = reason;
    this.lastTime = from;
    RecordingMetrics.GAPS.inc();
  }

  void count(Frame frame) {
    long carried = frame.event().carried();
    events++;
    bytes += carried;
    lastTime = frame.time();
    RecordingMetrics.LOST_BYTES.inc(carried);
  }

  /** So many bytes are lost at this time. */
  void count(long time, long lost) {
    count(lost);
    lastTime = time;
  }

  /** Something else than a frame is lost, of so many bytes. */
  void count(long lost) {
    events++;
    bytes += lost;
    RecordingMetrics.LOST_BYTES.inc(lost);
  }

  /** What was lost otherwise belongs to this one. */
  void add(OpenGap other) {
    events += other.events;
    bytes += other.bytes;
    lastTime = Math.max(lastTime, other.lastTime);
  }

  long from() {
    return from;
  }

  long bytes() {
    return bytes;
  }

  /** For the mark where it begins, if the disk takes that much. */
  String beginning() {
    return LABEL + " begins: " + reason;
  }

  /** For the mark where it ends. */
  String whole() {
    return "%s: %d events, %d bytes lost between %.3f s and %.3f s: %s"
        .formatted(LABEL, events, bytes, from / NANOS, lastTime / NANOS, reason);
  }

  /**
   * For {@code session.json}.
   *
   * @param end when recording came back, in nanoseconds since the session began; null if it did not
   */
  Gap record(String track, @Nullable Long end) {
    return new Gap(
        track,
        TimeUnit.NANOSECONDS.toMillis(from),
        end == null ? null : TimeUnit.NANOSECONDS.toMillis(end),
        events,
        bytes,
        reason);
  }
}
