package dev.tapedeck.recording;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.har.HarEntry;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonText;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HAR of a session's API track, with the journal beside it.
 *
 * <p>Each event goes into the journal when it comes, so that a crash leaves what there was; an
 * exchange that is finished becomes an entry of the HAR. Who calls {@link #record} may wait for the
 * disk: nothing on the network waits for him. Only the track's end comes from a thread that may
 * not, and is left to whoever holds the lock.
 */
final class HarTape implements Tape {

  private static final Logger LOG = LoggerFactory.getLogger(HarTape.class);

  /** More of exchanges in flight is not held in memory, and so not recorded. */
  static final long MAX_MEMORY_BYTES = 256L << 20;

  /** An exchange with more than this waits while another such one becomes an entry. */
  private static final long LARGE_BYTES = 4L << 20;

  /** An entry takes several times its bodies' memory while it is made: one of all sessions. */
  private static final Semaphore LARGE = new Semaphore(1);

  /** What a crash may take with it: the journal is written so long after what happened. */
  static final long JOURNAL_MILLIS = 40;

  private final Frame opened;
  private final Tape.Owner owner;
  private final boolean strict;
  private final long stallNanos;
  private final Consumer<Obj> entries;
  private final HarFile har;
  private final JournalFile journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Frame> waiting = new ConcurrentLinkedQueue<>();
  private final Map<Long, ExchangeCapture> open = new LinkedHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final Losses lost;

  /** How many exchanges are over and not yet written. */
  private int composing;

  /** What those in flight and {@link #composing} take of memory, in bytes. */
  private long held;

  /** Whether {@link #flush} is on its way. */
  private boolean flushing;

  private volatile boolean closed;
  private volatile @Nullable String sha256;

  /**
   * @param opened the frame of the track's {@link Event.TrackOpened}
   * @param entries told of each entry, once it is written or lost
   */
  HarTape(Tape.Owner owner, Frame opened, RecordingOptions options, Consumer<Obj> entries) {
    this.opened = opened;
    this.owner = owner;
    this.strict = options.policy() == RecordingOptions.Policy.STRICT;
    this.stallNanos = options.stallLimit().toNanos();
    this.entries = entries;
    this.lost = new Losses(opened.track().name());
    String name = opened.track().name() + ".har";
    this.har = new HarFile(owner, opened.track().name(), name);
    this.journal = new JournalFile(owner, name + Journal.SUFFIX);
  }

  @Override
  public String file() {
    return har.name();
  }

  @Override
  public void open() throws IOException {
    if (strict) {
      har.open();
      journal.open();
    }
  }

  @Override
  public void catchUp() {
    while (!waiting.isEmpty() && lock.tryLock()) {
      try {
        drain();
      } finally {
        lock.unlock();
      }
    }
  }

  private void drain() {
    Frame frame;
    while ((frame = waiting.poll()) != null) {
      try {
        take(frame);
      } catch (IOException e) {
        // It is in the file's own gap already.
        har.note(e);
      }
    }
  }

  @Override
  public void record(Frame frame) throws IOException {
    if (!(frame.event() instanceof Event.TrackClosed)) {
      lock.lock();
    } else if (!tryLock()) {
      waiting.add(frame);
      catchUp();
      return;
    }
    try {
      drain();
      take(frame);
    } finally {
      lock.unlock();
    }
    catchUp();
  }

  private boolean tryLock() {
    try {
      return lock.tryLock(stallNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void take(Frame frame) throws IOException {
    if (closed) {
      return;
    }
    bytes.addAndGet(frame.event().carried());
    if (frame.event() instanceof HttpEvent event) {
      note(event, frame.time());
      take(event, frame);
    } else if (frame.event() instanceof Event.TrackClosed) {
      try {
        for (ExchangeCapture left : List.copyOf(open.values())) {
          Obj entry = entry(left, End.CLIENT_ABORT, "the session ended before it did");
          write(left.number(), json(entry), frame.time());
          entries.accept(entry);
        }
      } finally {
        open.clear();
        closed = true;
      }
    }
  }

  private void note(HttpEvent event, long time) throws IOException {
    byte[] line = Journal.line(event, time);
    try {
      if (strict || journal.isFullWith(line)) {
        journal.append(line);
        return;
      }
      journal.hold(line);
      if (!flushing) {
        flushing = true;
        owner.later(this::flush, JOURNAL_MILLIS);
      }
    } catch (IOException e) {
      if (strict) {
        har.fail(time, e);
        throw e;
      }
    }
  }

  private void flush() {
    if (!lock.tryLock()) {
      // Whoever holds it is writing, or waits for a disk that this would wait for, too.
      owner.later(this::flush, JOURNAL_MILLIS);
      return;
    }
    try {
      flushing = false;
      journal.flush();
    } catch (IOException e) {
      // Only a crash would miss it; the file has said so in the log.
      har.note(e);
    } finally {
      lock.unlock();
    }
    catchUp();
  }

  private void take(HttpEvent event, Frame frame) throws IOException {
    if (event instanceof HttpEvent.Requested requested) {
      open.put(event.exchange(), new ExchangeCapture(requested, frame.time()));
      return;
    }
    ExchangeCapture capture = open.get(event.exchange());
    if (capture == null) {
      return;
    }
    if (event instanceof HttpEvent.Missing missing && missing.gap()) {
      lose(frame.time(), missing);
    }
    if (event instanceof HttpEvent.Body body && held > MAX_MEMORY_BYTES) {
      HttpEvent.Missing missing =
          new HttpEvent.Missing(
              body.exchange(), body.side(), body.data().length(), "too much is in flight", true);
      lose(frame.time(), missing);
      capture.add(missing, frame.time());
      return;
    }
    held -= capture.size();
    capture.add(event, frame.time());
    held += capture.size();
    if (event instanceof HttpEvent.Finished) {
      open.remove(event.exchange());
      composing++;
      if (strict) {
        compose(capture, frame.time());
      } else {
        // Not here: the journal of the other streams would wait for it.
        owner.soon(() -> composeLater(capture, frame.time()));
      }
    }
  }

  private void composeLater(ExchangeCapture capture, long time) {
    long size = capture.size();
    try {
      compose(capture, time);
    } catch (IOException e) {
      // It is in the file's own gap already, or waits for the disk.
      har.note(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("An exchange has no entry in {}", file(), e);
      lose(
          time,
          new HttpEvent.Missing(
              capture.number(),
              HttpEvent.Side.RESPONSE,
              size,
              "its entry could not be made",
              /* gap= */ true));
    }
  }

  private void compose(ExchangeCapture capture, long time) throws IOException {
    long size = capture.size();
    boolean large = size > LARGE_BYTES;
    if (large) {
      LARGE.acquireUninterruptibly();
    }
    try {
      Obj entry = entry(capture, End.COMPLETE, null);
      Blocks json = json(entry);
      lock.lock();
      try {
        write(capture.number(), json, time);
      } finally {
        lock.unlock();
      }
      entries.accept(entry);
    } finally {
      if (large) {
        LARGE.release();
      }
      lock.lock();
      try {
        over(size);
      } finally {
        lock.unlock();
      }
    }
  }

  private void over(long size) {
    held -= size;
    composing--;
    if (open.isEmpty() && composing == 0 && !har.isBehind()) {
      journal.forget();
    }
  }

  private static Blocks json(Obj entry) {
    Blocks json = new Blocks();
    JsonText.write(entry, json);
    return json;
  }

  private void lose(long time, HttpEvent.Missing missing) {
    RecordingMetrics.GAPS.inc();
    RecordingMetrics.LOST_BYTES.inc(missing.bytes());
    lost.add(TimeUnit.NANOSECONDS.toMillis(time), missing.bytes(), missing.reason());
    har.gapChanged();
  }

  private static Obj entry(ExchangeCapture capture, End otherwise, @Nullable String why) {
    Obj entry = HarEntry.of(capture.take(otherwise, why));
    // Where the session's other tracks have the same moment.
    return entry.put("_time", HarFile.seconds(capture.begun()));
  }

  private void write(long exchange, Blocks entry, long time) throws IOException {
    try {
      har.append(entry, time);
      journal.append(Journal.written(exchange));
    } catch (IOException e) {
      if (strict) {
        throw e;
      }
    }
  }

  @Override
  public boolean seal() throws IOException {
    lock.lock();
    try {
      drain();
      if (!closed || sha256 != null) {
        return false;
      }
      boolean there = har.seal();
      journal.seal(har.isWhole());
      return there;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void checksum(String value) {
    sha256 = value;
  }

  @Override
  public List<Gap> gaps() {
    List<Gap> all = new ArrayList<>(lost.all());
    all.addAll(har.gaps());
    return all;
  }

  @Override
  public TrackRecord record() {
    return new TrackRecord(
        opened.track().name(),
        opened.track().type().label(),
        file(),
        TimeUnit.NANOSECONDS.toMillis(opened.time()),
        null,
        har.count(),
        bytes.get(),
        null,
        sha256,
        List.of());
  }
}
