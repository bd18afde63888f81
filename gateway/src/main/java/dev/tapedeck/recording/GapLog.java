package dev.tapedeck.recording;

import dev.tapedeck.event.Frame;
import dev.tapedeck.session.SessionRecord.Gap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one file lacks: the gaps that have ended and the one that has not. Whoever asks never waits
 * for a disk. Safe for use by many threads.
 */
final class GapLog {

  /** Losses of one kind that follow each other this closely are one gap. */
  private static final long ONE_GAP_MILLIS = 1_000;

  private final String track;
  private final List<Gap> ended = new ArrayList<>();
  private @Nullable OpenGap open;

  GapLog(String track) {
    this.track = track;
  }

  synchronized boolean isOpen() {
    return open != null;
  }

  /** A gap begins; false if one has begun already. */
  synchronized boolean begin(long time, String reason) {
    if (open != null) {
      return false;
    }
    open = new OpenGap(time, reason);
    return true;
  }

  /** What was lost before is a gap that has not ended, or a part of the one that is open. */
  synchronized void begin(OpenGap lost) {
    if (open == null) {
      open = lost;
    } else {
      open.add(lost);
    }
  }

  /** A frame is lost in the gap that is open. */
  synchronized void count(Frame frame) {
    if (open != null) {
      open.count(frame);
    }
  }

  /** Something else than a frame is lost in the gap that is open, of so many bytes. */
  synchronized void count(long bytes) {
    if (open != null) {
      open.count(bytes);
    }
  }

  /** Something is lost by itself: a gap that has ended, or goes on with the one before it. */
  synchronized void lose(long millis, long bytes, String reason) {
    Gap last = ended.isEmpty() ? null : ended.getLast();
    if (last == null || !continues(last, millis, reason)) {
      ended.add(new Gap(track, millis, millis, 1, bytes, reason));
      return;
    }
    ended.removeLast();
    ended.add(
        new Gap(track, last.fromMillis(), millis, last.events() + 1, last.bytes() + bytes, reason));
  }

  private static boolean continues(Gap last, long millis, String reason) {
    Long to = last.toMillis();
    return to != null && millis - to <= ONE_GAP_MILLIS && last.reason().equals(reason);
  }

  /**
   * The open gap is over.
   *
   * @param time when, in nanoseconds of the session's clock; null if what is missing never came
   *     back
   * @return how many bytes are missing
   */
  synchronized long end(@Nullable Long time) {
    OpenGap over = open;
    if (over == null) {
      return 0;
    }
    open = null;
    ended.add(over.record(track, time));
    return over.bytes();
  }

  /** The open gap was none: nothing is missing after all, unless something was counted. */
  synchronized void cancel(long time) {
    OpenGap over = open;
    if (over != null && over.bytes() > 0) {
      ended.add(over.record(track, time));
    }
    open = null;
  }

  /** The open gap, or null; for whoever writes its marks. */
  synchronized @Nullable OpenGap open() {
    return open;
  }

  /** All of them, one that has not ended last. */
  synchronized List<Gap> all() {
    List<Gap> all = new ArrayList<>(ended);
    if (open != null) {
      all.add(open.record(track, null));
    }
    return all;
  }
}
