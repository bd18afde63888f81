package dev.tapedeck.session;

import dev.tapedeck.event.Frame;
import java.io.IOException;
import java.time.Instant;

/**
 * Sees every frame of every session, in the order of each track.
 *
 * <p>{@link #started} comes first and {@link #ended} last, once each. Between them {@link #record}
 * is called by the threads that carry the bytes, before the bytes go on: it must be fast, it may be
 * called by several threads at once (one at a time for each direction of a track), and what it
 * takes from the frame's {@link dev.tapedeck.event.Bytes} it takes before it returns. A recorder
 * that loses something says so in what it recorded and goes on; only one that must let nothing pass
 * unrecorded throws, and that ends the session.
 */
public interface Recorder {

  void started(SessionInfo session) throws IOException;

  void record(Frame frame) throws IOException;

  /**
   * The session is over and every track is closed.
   *
   * @param reason why, in a few words: {@code client disconnected}
   */
  void ended(SessionInfo session, Instant time, String reason) throws IOException;
}
