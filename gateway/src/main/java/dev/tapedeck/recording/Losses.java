package dev.tapedeck.recording;

import dev.tapedeck.session.SessionRecord.Gap;
import java.util.ArrayList;
import java.util.List;

/** What of a track was lost before it came to the disk. Safe for use by many threads. */
final class Losses {

  /** Losses of one kind that follow each other this closely are one gap. */
  private static final long ONE_GAP_MILLIS = 1_000;

  private final String track;
  private final List<Gap> gaps = new ArrayList<>();

  Losses(String track) {
    this.track = track;
  }

  /**
   * Takes one more.
   *
   * @param millis when, by the session's clock
   */
  synchronized void add(long millis, long bytes, String reason) {
    Gap last = gaps.isEmpty() ? null : gaps.getLast();
    if (last == null || !continues(last, millis, reason)) {
      gaps.add(new Gap(track, millis, millis, 1, bytes, reason));
      return;
    }
    gaps.removeLast();
    gaps.add(
        new Gap(track, last.fromMillis(), millis, last.events() + 1, last.bytes() + bytes, reason));
  }

  private static boolean continues(Gap last, long millis, String reason) {
    Long to = last.toMillis();
    return to != null && millis - to <= ONE_GAP_MILLIS && last.reason().equals(reason);
  }

  synchronized List<Gap> all() {
    return List.copyOf(gaps);
  }
}
