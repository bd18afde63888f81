package dev.tapedeck.recording;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.recording.TrackFormat.Lines;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.AppendFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of one track: puts frames into it in order, and keeps a disk that fails or hangs from
 * reaching the session.
 *
 * <p>A write that fails opens a gap: frames are counted instead of written, now and then one is
 * tried again, and the first that succeeds is preceded by a mark of what is missing. A write that
 * hangs leaves its thread in the lock; others wait for the rest of the stall limit once, then put
 * frames into a bounded backlog, which whoever gets the lock next writes first. What does not fit
 * there is a gap too.
 *
 * <pre>
 *   WRITING --write fails--> GAP --retry succeeds: mark, frame--> WRITING
 *      |                      ^
 *      +--write hangs--> STALLED --released, backlog whole--> WRITING
 *                            \------released, backlog overflowed--> GAP
 * </pre>
 */
final class LineWriter implements TrackWriter {

  private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);

  /** How long a failing disk is left alone before the next try. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final TrackWriter.Owner owner;
  private final String name;
  private final Frame opened;
  private final TrackFormat notation;
  private final boolean strict;
  private final long stallNanos;
  private final Backlog backlog;
  private final GapLog gaps;

  /** Held by whoever touches what follows. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable AppendFile tape;
  private long retryAt;

  /** When the lock was taken, 0 while it is free: read without it. */
  private volatile long lockedSince;

  private volatile boolean stalled;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile @Nullable Integer exitStatus;
  private volatile @Nullable String sha256;
  private volatile boolean closed;

  /**
   * A tape whose file is not there yet.
   *
   * @param opened the frame of the track's {@link Event.TrackOpened}
   */
  LineWriter(
      TrackWriter.Owner owner, Frame opened, TrackFormat notation, RecordingOptions options) {
    this.owner = owner;
    this.name = opened.track().name();
    this.opened = opened;
    this.notation = notation;
    this.strict = options.policy() == RecordingOptions.Policy.STRICT;
    this.stallNanos = options.stallLimit().toNanos();
    this.backlog = new Backlog(options.backlogBytes());
    this.gaps = new GapLog(name);
  }

  @Override
  public String file() {
    return name + notation.suffix();
  }

  /**
   * Records that the track was opened, now under the strict policy, else when {@link #catchUp} is
   * called.
   */
  @Override
  public void open() throws IOException {
    if (strict) {
      record(opened);
    } else {
      backlog.add(opened);
    }
  }

  /** Writes what waits; may take as long as the disk likes. */
  @Override
  public void catchUp() {
    while (!backlog.isEmpty() && lock.tryLock()) {
      lockedSince = System.nanoTime();
      try {
        drain();
      } finally {
        lockedSince = 0;
        lock.unlock();
      }
    }
  }

  /**
   * Records a frame. Under the best-effort policy it never throws, and holds the calling thread for
   * longer than the stall limit only while that thread itself is the one whose write hangs.
   */
  @Override
  public void record(Frame frame) throws IOException {
    if (strict) {
      recordStrictly(frame);
    } else if (enter()) {
      try {
        drain();
        attempt(frame);
      } finally {
        lockedSince = 0;
        lock.unlock();
      }
      catchUp();
    } else {
      postpone(frame);
      catchUp();
    }
  }

  private void recordStrictly(Frame frame) throws IOException {
    lock.lock();
    try {
      if (!closed) {
        put(frame, notation.of(frame));
      }
    } catch (IOException e) {
      // The session ends of it, and its recording says why.
      fail(frame, e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the lock, waiting no longer than its holder may take from when it took it. */
  private boolean enter() {
    if (!lock.tryLock()) {
      long since = lockedSince;
      long left = since == 0 ? stallNanos : stallNanos - (System.nanoTime() - since);
      try {
        if (left <= 0 || !lock.tryLock(left, TimeUnit.NANOSECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    lockedSince = System.nanoTime();
    return true;
  }

  /** Keeps a frame for later, or counts it as lost. */
  private void postpone(Frame frame) {
    if (!stalled) {
      stalled = true;
      LOG.warn("Recording {} stalls: the disk does not answer", file());
      RecordingMetrics.STALLS.inc();
    }
    if (!backlog.add(frame)) {
      owner.gapChanged();
    }
  }

  /** With the lock held: writes what waited, in order. */
  private void drain() {
    Frame frame;
    while ((frame = backlog.next()) != null) {
      attempt(frame);
    }
    stalled = false;
    OpenGap lost = backlog.takeLost();
    if (lost != null) {
      notation.skipped();
      bytes.addAndGet(lost.bytes());
      gaps.begin(lost);
      retryAt = System.nanoTime();
    }
  }

  /** With the lock held: writes a frame, or counts it into the gap. */
  private void attempt(Frame frame) {
    if (closed) {
      // Somebody typed while the program ended: nothing comes after the end.
      return;
    }
    // The notation sees every frame, also those that are not written: characters and checksums go
    // on.
    try {
      Lines lines = notation.of(frame);
      boolean last = frame.event() instanceof Event.TrackClosed;
      boolean early = System.nanoTime() - retryAt < 0;
      if (early && !last && lines.length() > 0 && gaps.isOpen()) {
        note(frame);
        gaps.count(frame);
        return;
      }
      put(frame, lines);
    } catch (IOException e) {
      fail(frame, e);
    }
  }

  private void fail(Frame frame, IOException e) {
    retryAt = System.nanoTime() + RETRY_NANOS;
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    if (gaps.begin(frame.time(), reason)) {
      LOG.warn(
          "Recording {} fails, the session {}: {}", file(), strict ? "ends" : "goes on", reason);
      owner.makeRoom();
      markBeginning();
      owner.gapChanged();
    }
    note(frame);
    gaps.count(frame);
  }

  /** Says in the recording that something is missing from here, if the disk takes as much. */
  private void markBeginning() {
    AppendFile file = tape;
    OpenGap current = gaps.open();
    if (file == null || current == null) {
      return;
    }
    try {
      append(file, notation.mark(current.from(), current.beginning()));
    } catch (IOException e) {
      LOG.debug("The gap in {} is not marked yet: {}", file(), e.getMessage());
    }
  }

  /** With the lock held: writes the frame's lines, after the mark of a gap before them. */
  private void put(Frame frame, Lines lines) throws IOException {
    boolean first = frame.event() instanceof Event.TrackOpened;
    if (lines.length() == 0 && !first) {
      note(frame);
      return;
    }
    AppendFile file = tape == null ? openTape() : tape;
    OpenGap current = gaps.open();
    append(file, current == null ? lines : afterMark(current, frame, lines));
    note(frame);
    if (current != null) {
      LOG.info("Recording {} goes on, {} bytes are missing", file(), gaps.end(frame.time()));
      owner.gapChanged();
    }
  }

  private void append(AppendFile file, Lines lines) throws IOException {
    if (lines.length() > 0) {
      file.append(lines.array(), lines.offset(), lines.length());
      events.addAndGet(lines.events());
    }
  }

  private Lines afterMark(OpenGap current, Frame frame, Lines lines) {
    // The mark is made in the notation's own buffer, which these lines lie in.
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.write(lines.array(), lines.offset(), lines.length());
    Lines mark = notation.mark(frame.time(), current.whole());
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(mark.array(), mark.offset(), mark.length());
    both.writeBytes(rest.toByteArray());
    return new Lines(both.toByteArray(), 0, both.size(), mark.events() + lines.events());
  }

  private AppendFile openTape() throws IOException {
    AppendFile file = owner.open(file());
    try {
      append(file, notation.begin());
    } catch (IOException e) {
      file.close();
      throw e;
    }
    tape = file;
    return file;
  }

  /** What is remembered of a frame, recorded or lost. */
  private void note(Frame frame) {
    bytes.addAndGet(frame.event().carried());
    if (frame.event() instanceof Event.TrackClosed end) {
      int status = end.status().number();
      exitStatus = status < 0 ? null : status;
      closed = true;
    }
  }

  /**
   * The track is closed: cuts off what a failed write may have left. Waits for a disk that hangs.
   *
   * @return false if it was not closed, or was sealed before
   */
  @Override
  public boolean seal() throws IOException {
    lock.lock();
    try {
      drain();
      AppendFile file = tape;
      if (!closed || sha256 != null) {
        return false;
      }
      gaps.end(null);
      if (file != null) {
        file.seal();
      }
      return file != null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void checksum(String value) {
    sha256 = value;
  }

  /** The gaps so far, one that has not ended among them; never waits for the disk. */
  @Override
  public List<Gap> gaps() {
    List<Gap> all = new ArrayList<>(notation.gaps());
    all.addAll(gaps.all());
    backlog.lost(name).ifPresent(all::add);
    return all;
  }

  @Override
  public TrackRecord record() {
    Event.TrackOpened event = (Event.TrackOpened) opened.event();
    return new TrackRecord(
        name,
        opened.track().type().label(),
        file(),
        TimeUnit.NANOSECONDS.toMillis(opened.time()),
        event.command(),
        events.get(),
        bytes.get(),
        exitStatus,
        sha256,
        closed ? notation.payloads() : List.of());
  }
}
