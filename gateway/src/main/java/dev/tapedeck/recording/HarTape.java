package dev.tapedeck.recording;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

  /** What a crash may take with it: the journal is written so long after what happened. */
  static final long JOURNAL_MILLIS = 40;

  /** How soon it is tried again, where an entry was being written just then. */
  private static final long RETRY_MILLIS = 5;

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
  private final Queue<Over> finished = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final Losses lost;

  /** How many exchanges are over and not yet written. */
  private int composing;

  /** What those in flight and {@link #composing} take of memory, in bytes. */
  private long held;

  /** Whether {@link #flush} is on its way. */
  private boolean flushing;

  /** Whether the journal alone has an exchange whose entry could not be made. */
  private volatile boolean unmade;

  private volatile boolean closed;
  private volatile @Nullable String sha256;

  /**
   * An exchange that becomes an entry next.
   *
   * @param time of its end
   * @param why it has no end of its own; null if it has
   */
  private record Over(ExchangeCapture capture, long time, @Nullable String why) {}

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
      for (ExchangeCapture left : open.values()) {
        finished.add(new Over(left, frame.time(), "the session ended before it did"));
        composing++;
      }
      open.clear();
      closed = true;
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
      owner.later(this::flush, RETRY_MILLIS);
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
    try {
      capture.add(event, frame.time());
    } finally {
      held += capture.size();
    }
    if (event instanceof HttpEvent.Finished) {
      open.remove(event.exchange());
      composing++;
      Over over = new Over(capture, frame.time(), null);
      if (strict) {
        compose(over);
      } else {
        // Not here: the journal of the other streams would wait for it.
        finished.add(over);
        owner.soon(this::composeFinished);
      }
    }
  }

  private void composeFinished() {
    Over over;
    while ((over = finished.poll()) != null) {
      long size = over.capture.size();
      try {
        compose(over);
      } catch (IOException e) {
        // It is in the file's own gap already, or waits for the disk.
        har.note(e);
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.error("An exchange has no entry in {}; its journal stays", file(), e);
        unmade = true;
        lose(
            over.time,
            new HttpEvent.Missing(
                over.capture.number(),
                HttpEvent.Side.RESPONSE,
                size,
                "its entry could not be made",
                /* gap= */ true));
      }
    }
  }

  private void compose(Over over) throws IOException {
    long size = over.capture.size();
    MadeEntry made;
    try {
      made = MadeEntry.of(over.capture, over.why);
      lock.lock();
      try {
        write(over.capture.number(), made.json(), over.time);
      } finally {
        lock.unlock();
      }
    } finally {
      lock.lock();
      try {
        over(size);
      } finally {
        lock.unlock();
      }
    }
    try {
      entries.accept(made.entry());
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("Not everybody was told of an entry of {}", file(), e);
    }
  }

  private void over(long size) {
    held -= size;
    composing--;
    if (open.isEmpty() && composing == 0 && !unmade && !har.isBehind()) {
      journal.forget();
    }
  }

  private void lose(long time, HttpEvent.Missing missing) {
    RecordingMetrics.GAPS.inc();
    RecordingMetrics.LOST_BYTES.inc(missing.bytes());
    lost.add(TimeUnit.NANOSECONDS.toMillis(time), missing.bytes(), missing.reason());
    har.gapChanged();
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
    } finally {
      lock.unlock();
    }
    composeFinished();
    lock.lock();
    try {
      boolean there = har.seal();
      journal.seal(har.isWhole() && !unmade);
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
