package dev.tapedeck.recording;

import dev.tapedeck.session.SessionRecord.Gap;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of one track is kept that is not text, and what was lost beyond that: a gap from there
 * on. Written by one thread at a time, asked by any.
 */
final class PayloadLimit {

  private static final Logger LOG = LoggerFactory.getLogger(PayloadLimit.class);

  private static final long MIB = 1024 * 1024;

  private final String track;
  private final long bytes;
  private final boolean strict;
  private final Runnable changed;
  private boolean refused;
  private long used;
  private long time;
  private boolean unmarked;
  private volatile @Nullable OpenGap gap;

  /**
   * For one track.
   *
   * @param bytes how many are kept
   * @param strict whether what is beyond them is refused, and no gap
   * @param changed run when a gap begins
   */
  PayloadLimit(String track, long bytes, boolean strict, Runnable changed) {
    this.track = track;
    this.bytes = bytes;
    this.strict = strict;
    this.changed = changed;
  }

  /** What comes now is of this time, in nanoseconds since the session began. */
  void at(long now) {
    time = now;
  }

  /** Whether so many bytes more are kept; if not they are lost. */
  boolean take(long more) {
    OpenGap open = gap;
    if (open == null && more <= bytes - used) {
      used += more;
      return true;
    }
    if (strict) {
      refused = true;
      return false;
    }
    if (open == null) {
      open = new OpenGap(time, reason());
      gap = open;
      unmarked = true;
      LOG.warn("Recording {} is not whole: {}", track, open.beginning());
      changed.run();
    }
    synchronized (this) {
      open.count(time, more);
    }
    return false;
  }

  /** For the mark where the gap begins; once, when it has begun. */
  Optional<String> beginning() {
    OpenGap open = unmarked ? gap : null;
    unmarked = false;
    return Optional.ofNullable(open).map(OpenGap::beginning);
  }

  /** For the mark at the end, if there is a gap. */
  Optional<String> whole() {
    return Optional.ofNullable(gap).map(OpenGap::whole);
  }

  /** What the recording lacks for the limit's sake. */
  synchronized List<Gap> gaps() {
    OpenGap open = gap;
    return open == null ? List.of() : List.of(open.record(track, null));
  }

  /**
   * To be asked after each frame.
   *
   * @throws IOException under the strict policy, if not all of it is kept
   */
  void check() throws IOException {
    if (refused) {
      refused = false;
      throw new IOException(
          "strict recording lets nothing pass that it does not keep: " + reason());
    }
  }

  private String reason() {
    String size = bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " bytes";
    return "of what is not text " + size + " a track are kept (recording.payload_limit)";
  }
}
