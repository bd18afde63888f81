package dev.tapedeck.recording;

import dev.tapedeck.event.Frame;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.BackgroundThreads;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.storage.RecordingStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records sessions into their folders. Safe for use by many threads. */
public final class SessionRecorder implements Recorder, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SessionRecorder.class);

  /** How long {@link #close} waits for sessions that are being sealed. */
  private static final Duration SEALING = Duration.ofSeconds(10);

  private final RecordingStore store;
  private final RecordingOptions options;
  private final RecordingListener listener;
  private final Map<SessionId, SessionFolderWriter> tapes = new ConcurrentHashMap<>();

  /** One party for each session that is being sealed, and this recorder itself. */
  private final Phaser sealing = new Phaser(1);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          BackgroundThreads.factory("recorder-", BackgroundThreads.PASSED));

  /**
   * A recorder into this store.
   *
   * @param listener told what is known of sessions and exchanges
   */
  public SessionRecorder(
      RecordingStore store, RecordingOptions options, RecordingListener listener) {
    this.store = store;
    this.options = options;
    this.listener = listener;
  }

  @Override
  public void started(SessionInfo session) throws IOException {
    SessionFolderWriter tape = new SessionFolderWriter(session, store, options, listener, threads);
    if (options.policy() == RecordingOptions.Policy.STRICT) {
      tape.beginStrictly();
      tapes.put(session.id(), tape);
      return;
    }
    tapes.put(session.id(), tape);
    try {
      tape.begin().get(options.stallLimit().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.debug("Session {} begins before its folder: the disk does not answer", session.id());
    } catch (ExecutionException e) {
      throw new IllegalStateException("beginning to record failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void record(Frame frame) throws IOException {
    SessionFolderWriter tape = tapes.get(frame.session());
    if (tape == null) {
      throw new IllegalStateException("session " + frame.session() + " was never started");
    }
    tape.record(frame);
  }

  @Override
  public void ended(SessionInfo session, Instant time, String reason) {
    SessionFolderWriter tape = tapes.remove(session.id());
    if (tape != null) {
      sealing.register();
      tape.end(time, reason, sealing::arriveAndDeregister);
    }
  }

  /**
   * Waits until sessions that have ended are sealed and nothing is written any more; a disk that
   * hangs is not waited for longer than twice {@link #SEALING}.
   */
  @Override
  public void close() {
    try {
      awaitSealed();
      threads.shutdown();
      if (!threads.awaitTermination(SEALING.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Something is still being written after {} s", SEALING.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdown();
    }
  }

  private void awaitSealed() throws InterruptedException {
    try {
      sealing.awaitAdvanceInterruptibly(
          sealing.arrive(), SEALING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("Not all recordings were sealed within {} s", SEALING.toSeconds());
    }
  }
}
