package dev.tapedeck.recording;

import dev.tapedeck.event.Frame;
import dev.tapedeck.session.SessionRecord.Gap;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for a disk that hangs, in order, up to a limit; what comes after that is lost.
 * Safe for many threads.
 */
final class Backlog {

  private final long limitBytes;
  private final Queue<Frame> frames = new ArrayDeque<>();
  private long bytes;
  private @Nullable OpenGap lost;

  Backlog(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Keeps a copy of the frame; false if it was lost. */
  synchronized boolean add(Frame frame) {
    long size = frame.event().carried();
    if (lost == null && bytes + size <= limitBytes) {
      frames.add(frame.copy());
      bytes += size;
      return true;
    }
    if (lost == null) {
      lost = new OpenGap(frame.time(), "the disk does not answer");
    }
    lost.count(frame);
    return false;
  }

  synchronized boolean isEmpty() {
    return frames.isEmpty() && lost == null;
  }

  /** The frame that has waited longest, or null. */
  synchronized @Nullable Frame next() {
    Frame frame = frames.poll();
    if (frame != null) {
      bytes -= frame.event().carried();
    }
    return frame;
  }

  /** What was lost after the last frame that waited, or null; frames are kept again from now on. */
  synchronized @Nullable OpenGap takeLost() {
    if (!frames.isEmpty()) {
      return null;
    }
    OpenGap taken = lost;
    lost = null;
    return taken;
  }

  /** What is being lost just now. */
  synchronized Optional<Gap> lost(String track) {
    return Optional.ofNullable(lost).map(gap -> gap.record(track, null));
  }
}
