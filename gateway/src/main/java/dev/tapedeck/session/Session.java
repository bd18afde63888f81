package dev.tapedeck.session;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.TrackId;
import dev.tapedeck.event.TrackType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One session: makes its tracks and hands their frames to the recorders, then to the viewers.
 *
 * <p>Safe for use by many threads. The clock is monotonic; it is 0 at {@link SessionInfo#started},
 * also when a sandbox had to be made before the session could begin.
 */
public final class Session {

  private final SessionInfo info;
  private final List<Recorder> recorders;
  private final List<Viewer> viewers;
  private final long origin;
  private final AtomicLong frames = new AtomicLong();
  private final List<Track> open = new ArrayList<>();
  private final List<Runnable> endings = new ArrayList<>();
  private int tracks;
  private boolean ending;
  private boolean ended;

  private Session(SessionInfo info, List<Recorder> recorders, List<Viewer> viewers) {
    this.info = info;
    long since = Duration.between(info.started(), Instant.now()).toNanos();
    this.origin = System.nanoTime() - Math.max(0, since);
    this.recorders = List.copyOf(recorders);
    this.viewers = List.copyOf(viewers);
  }

  /**
   * Begins a session.
   *
   * @throws IOException if a recorder that must let nothing pass unrecorded cannot record
   */
  public static Session start(SessionInfo info, List<Recorder> recorders, List<Viewer> viewers)
      throws IOException {
    Session session = new Session(info, recorders, viewers);
    for (Recorder recorder : session.recorders) {
      recorder.started(info);
    }
    return session;
  }

  public SessionInfo info() {
    return info;
  }

  /**
   * Opens a track and records that it was opened.
   *
   * @throws IOException as {@link Track#emit}
   * @throws IllegalStateException if the session has ended
   */
  public Track open(TrackType type, Event.TrackOpened opened) throws IOException {
    return open(type, opened, System.nanoTime());
  }

  /**
   * As {@link #open(TrackType, Event.TrackOpened)}, for a track whose first event happened before
   * now.
   *
   * @param at when, by {@link System#nanoTime}
   */
  public Track open(TrackType type, Event.TrackOpened opened, long at) throws IOException {
    Track track;
    synchronized (open) {
      if (ended) {
        throw new IllegalStateException("session " + info.id() + " has ended");
      }
      track = new Track(this, new TrackId(type, ++tracks));
      open.add(track);
    }
    track.emit(opened, at);
    return track;
  }

  /**
   * Has something done when the session ends, before its tracks are closed: what still has frames
   * for them hands them over then. It runs on the thread that ends the session, which waits for it.
   *
   * @return false if the session has ended: then it is not run
   */
  public boolean beforeEnd(Runnable action) {
    synchronized (open) {
      return !ending && endings.add(action);
    }
  }

  /**
   * Closes the tracks that are still open and tells the recorders. Only the first call does
   * something.
   */
  public void end(String reason) throws IOException {
    List<Runnable> last;
    synchronized (open) {
      if (ending) {
        return;
      }
      ending = true;
      last = List.copyOf(endings);
    }
    last.forEach(Runnable::run);
    List<Track> left;
    synchronized (open) {
      ended = true;
      left = List.copyOf(open);
    }
    IOException failure = null;
    for (Track track : left) {
      try {
        track.close(new ExitStatus.Unknown());
      } catch (IOException e) {
        failure = e;
      } catch (RuntimeException | OutOfMemoryError e) {
        // The other tracks, and the session itself, end all the same.
        failure = new IOException("track " + track.id().name() + " did not close: " + e, e);
      }
    }
    Instant now = Instant.now();
    for (Recorder recorder : recorders) {
      try {
        recorder.ended(info, now, reason);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  void emit(TrackId track, Event event, long at) throws IOException {
    Frame frame =
        new Frame(info.id(), frames.incrementAndGet(), track, Math.max(0, at - origin), event);
    for (Recorder recorder : recorders) {
      recorder.record(frame);
    }
    for (Viewer viewer : viewers) {
      viewer.offer(frame);
    }
  }

  void closed(Track track) {
    synchronized (open) {
      open.remove(track);
    }
  }
}
