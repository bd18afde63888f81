package dev.tapedeck.recording;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.session.SerialExecutor;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.storage.AppendFile;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's folder while it is recorded: its tracks' tapes and its {@code session.json}.
 *
 * <p>Everything but the frames themselves is done on the session's lane, so that nobody waits for
 * it.
 */
final class SessionFolderWriter {

  private static final Logger LOG = LoggerFactory.getLogger(SessionFolderWriter.class);

  /** What is done soon waits so long for more of its kind: a thread's waking has its price. */
  private static final long SOON_MILLIS = 10;

  /** How old a live session's {@code session.json} may be, once something has passed. */
  static final long SUMMARY_MILLIS = 2_000;

  private final SessionInfo info;
  private final RecordingStore store;
  private final RecordingOptions options;
  private final RecordingListener listener;
  private final Executor threads;
  private final SerialExecutor lane;
  private final Map<Integer, TrackWriter> tracks = new ConcurrentSkipListMap<>();
  private final AtomicBoolean summaryWanted = new AtomicBoolean();
  private final AtomicBoolean outdated = new AtomicBoolean();
  private @Nullable SessionFolder folder;
  private volatile @Nullable Instant ended;
  private volatile @Nullable String reason;
  private volatile boolean sealed;

  SessionFolderWriter(
      SessionInfo info,
      RecordingStore store,
      RecordingOptions options,
      RecordingListener listener,
      Executor threads) {
    this.info = info;
    this.store = store;
    this.options = options;
    this.listener = listener;
    this.threads = threads;
    this.lane = new SerialExecutor(threads);
  }

  /**
   * Makes the folder and the first {@code session.json}; the future completes when both are there.
   */
  CompletableFuture<Void> begin() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            folder();
          } catch (IOException e) {
            LOG.warn("Session {} has no folder yet: {}", info.id(), e.getMessage());
          }
          summarize();
        },
        lane);
  }

  /** Makes the folder now or fails: nothing may pass unrecorded. */
  void beginStrictly() throws IOException {
    SessionFolder made = folder();
    if (options.metadata()) {
      made.writeWhole(SessionFolder.SUMMARY, SessionJson.write(snapshot()));
    }
    listener.session(snapshot());
  }

  void record(Frame frame) throws IOException {
    if (frame.event() instanceof Event.TrackOpened opened) {
      TrackWriter tape = tape(frame, opened);
      tracks.put(frame.track().number(), tape);
      tape.open();
      // Making a file may hang like writing to one, and who opens a track has no stand-in.
      lane.execute(tape::catchUp);
      summarySoon();
      return;
    }
    TrackWriter tape = tracks.get(frame.track().number());
    if (tape == null) {
      throw new IllegalStateException(frame.track() + " was never opened");
    }
    tape.record(frame);
    if (!outdated.get() && outdated.compareAndSet(false, true)) {
      CompletableFuture.delayedExecutor(SUMMARY_MILLIS, TimeUnit.MILLISECONDS, lane)
          .execute(this::refresh);
    }
    if (frame.event() instanceof Event.TrackClosed) {
      lane.execute(() -> {
        seal(tape);
        // One that waits already may have its turn before the seal.
        summarySoon();
      });
      summarySoon();
    }
  }

  private TrackWriter tape(Frame frame, Event.TrackOpened opened) {
    return frame.track().type() == TrackType.API
        ? new HarWriter(
            new Owner(),
            frame,
            options,
            entry -> listener.exchange(info.id(), frame.track().name(), entry))
        : new LineWriter(new Owner(), frame, notation(frame, opened), options);
  }

  private TrackFormat notation(Frame frame, Event.TrackOpened opened) {
    boolean strict = options.policy() == RecordingOptions.Policy.STRICT;
    PayloadLimit limit =
        new PayloadLimit(frame.track().name(), options.payloadLimit(), strict, this::summarySoon);
    return frame.track().type() == TrackType.FILES
        ? new FilesFormat(limit)
        : new CastFormat(frame, opened, limit);
  }

  /**
   * The session is over: seals it.
   *
   * @param then run when that is done, or cannot be
   */
  void end(Instant time, String why, Runnable then) {
    ended = time;
    reason = why;
    lane.execute(() -> {
      try {
        tracks.values().forEach(this::seal);
        sealed = true;
        summarize();
        sealFolder();
      } finally {
        then.run();
      }
    });
  }

  private void sealFolder() {
    SessionFolder made = folder;
    if (made != null) {
      try {
        made.seal();
      } catch (IOException e) {
        LOG.warn("Session {} was not sealed: {}", info.id(), e.getMessage());
      }
    }
  }

  private void seal(TrackWriter tape) {
    try {
      SessionFolder made = folder;
      if (tape.seal() && made != null) {
        tape.checksum(Checksums.sha256(made.path().resolve(tape.file())));
      }
    } catch (IOException e) {
      LOG.warn("{} of session {} was not sealed: {}", tape.file(), info.id(), e.getMessage());
    }
  }

  /** Writes {@code session.json} before long; several wishes may become one. */
  private void summarySoon() {
    if (summaryWanted.compareAndSet(false, true)) {
      lane.execute(this::summarize);
    }
  }

  private void refresh() {
    outdated.set(false);
    if (!sealed) {
      summarize();
    }
  }

  private void summarize() {
    summaryWanted.set(false);
    SessionRecord now = snapshot();
    listener.session(now);
    SessionFolder made = folder;
    if (made == null || !options.metadata()) {
      return;
    }
    byte[] json = SessionJson.write(now);
    try {
      made.writeWhole(SessionFolder.SUMMARY, json);
    } catch (IOException e) {
      writeIntoReserve(made, json, e);
    }
  }

  private void writeIntoReserve(SessionFolder made, byte[] json, IOException first) {
    try {
      made.releaseReserve();
      made.writeWhole(SessionFolder.SUMMARY, json);
    } catch (IOException e) {
      LOG.warn("Session {} is not described: {}", info.id(), first.getMessage());
    }
  }

  private SessionRecord snapshot() {
    List<Gap> gaps = new ArrayList<>();
    tracks.values().forEach(tape -> gaps.addAll(tape.gaps()));
    return new SessionRecord(
        info.id(),
        info.kind(),
        info.user(),
        info.source(),
        info.started(),
        ended,
        status(gaps),
        reason,
        info.attributes(),
        tracks.values().stream().map(TrackWriter::record).toList(),
        gaps);
  }

  private Status status(List<Gap> gaps) {
    if (!sealed) {
      return Status.LIVE;
    }
    if (folder == null) {
      return Status.FAILED;
    }
    return gaps.isEmpty() ? Status.COMPLETE : Status.GAP;
  }

  private synchronized SessionFolder folder() throws IOException {
    SessionFolder made = folder;
    if (made == null) {
      made = store.create(info.id(), info.started());
      folder = made;
    }
    return made;
  }

  /** What the tracks' tapes see of this. */
  private final class Owner implements TrackWriter.Owner {

    private final AtomicBoolean called = new AtomicBoolean();

    @Override
    public AppendFile open(String file) throws IOException {
      return folder().open(file);
    }

    @Override
    public Path path(String file) throws IOException {
      return folder().path().resolve(file);
    }

    @Override
    public void remove(String file) throws IOException {
      folder().remove(file);
    }

    @Override
    public void soon(Runnable action) {
      if (lane.add(action) && called.compareAndSet(false, true)) {
        CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
            .execute(() -> {
              called.set(false);
              lane.wake();
            });
      }
    }

    @Override
    public void later(Runnable action, long millis) {
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, threads).execute(action);
    }

    @Override
    public void gapChanged() {
      summarySoon();
    }

    @Override
    public void makeRoom() {
      SessionFolder made = folder;
      try {
        if (made != null) {
          made.releaseReserve();
        }
      } catch (IOException e) {
        LOG.debug("No room could be made for session {}: {}", info.id(), e.getMessage());
      }
    }
  }
}
