package dev.tapedeck.testing;

import dev.tapedeck.event.Frame;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.SessionInfo;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Keeps every frame in memory. */
public final class Frames implements Recorder {

  private final List<SessionInfo> sessions = new CopyOnWriteArrayList<>();
  private final List<Frame> frames = new CopyOnWriteArrayList<>();
  private final List<String> endings = new CopyOnWriteArrayList<>();

  @Override
  public void started(SessionInfo session) {
    sessions.add(session);
  }

  @Override
  public void record(Frame frame) {
    frames.add(frame.copy());
  }

  @Override
  public void ended(SessionInfo session, Instant time, String reason) {
    endings.add(reason);
  }

  public List<SessionInfo> sessions() {
    return sessions;
  }

  public List<Frame> frames() {
    return frames;
  }

  public List<String> endings() {
    return endings;
  }

  /** The events of a kind, in order. */
  public <T> Stream<T> events(Class<T> kind) {
    return frames.stream().map(Frame::event).filter(kind::isInstance).map(kind::cast);
  }
}
