package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Path;
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

/**
 * The HAR of a session's API track, made of the journal beside it.
 *
 * <p>The journal is the record: each event goes into it when it comes, and an exchange that is
 * finished is read back from it and becomes an entry of the HAR. What the HAR cannot take waits in
 * the journal; what the journal cannot take waits in memory, up to a limit, and is then a gap. Who
 * calls {@link #record} may wait for the disk: nothing on the network waits for him. Only the
 * track's end comes from a thread that may not, and is left to whoever holds the lock.
 */
final class HarWriter implements TrackWriter {

  /** What a crash may take with it: the journal is written so long after what happened. */
  static final long JOURNAL_MILLIS = 40;

  /** A body's line of the journal has no more bytes than this. */
  private static final int LINE_BYTES = 192 * 1024;

  /** How soon it is tried again, where an entry was being written just then. */
  private static final long RETRY_MILLIS = 5;

  private final Frame opened;
  private final TrackWriter.Owner owner;
  private final boolean strict;
  private final long stallNanos;
  private final AtomicLong bytes = new AtomicLong();

  /** Held by whoever touches the journal and what is in flight. */
  private final ReentrantLock lock = new ReentrantLock();

  private final JournalFile journal;
  private final Map<Long, JournaledExchange> open = new LinkedHashMap<>();
  private final Queue<Frame> waiting = new ConcurrentLinkedQueue<>();

  /** Whether {@link #flush} is on its way. */
  private boolean flushing;

  /** How many exchanges are over and not yet in the HAR. */
  private int composing;

  private volatile boolean closed;
  private final HarFile har;
  private final EntryMaker maker;
  private volatile @Nullable String sha256;

  /**
   * @param opened the frame of the track's {@link Event.TrackOpened}
   * @param entries told of each entry, once it is written or lost
   */
  HarWriter(
      TrackWriter.Owner owner, Frame opened, RecordingOptions options, Consumer<Obj> entries) {
    this.opened = opened;
    this.owner = owner;
    this.strict = options.policy() == RecordingOptions.Policy.STRICT;
    this.stallNanos = options.stallLimit().toNanos();
    String name = opened.track().name() + ".har";
    this.har = new HarFile(owner, opened.track().name(), name);
    this.journal = new JournalFile(owner, name + Journal.SUFFIX);
    this.maker = new EntryMaker(owner, opened.track().name(), har, new Source(), entries);
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
      take(event, frame.time());
    } else if (frame.event() instanceof Event.TrackClosed) {
      for (JournaledExchange left : open.values()) {
        maker.add(left, frame.time(), "the session ended before it did");
        composing++;
      }
      open.clear();
      closed = true;
    }
  }

  private void take(HttpEvent event, long time) throws IOException {
    if (event instanceof HttpEvent.Requested requested) {
      open.put(event.exchange(), new JournaledExchange(requested, time));
      note(event, time);
      return;
    }
    JournaledExchange exchange = open.get(event.exchange());
    if (exchange == null) {
      // Of exchanges that are not recorded at all this alone is said.
      if (event instanceof HttpEvent.Missing missing && missing.gap()) {
        lose(time, missing);
      }
      return;
    }
    if (event instanceof HttpEvent.Body body) {
      body(exchange, body, time);
      return;
    }
    if (event instanceof HttpEvent.Missing missing && missing.gap()) {
      lose(time, missing);
    }
    note(event, time);
    exchange.add(event, time);
    if (event instanceof HttpEvent.Finished) {
      over(exchange, time);
    }
  }

  private void over(JournaledExchange exchange, long time) throws IOException {
    open.remove(exchange.number());
    composing++;
    if (strict) {
      maker.make(exchange, time);
    } else {
      // Not here: the journal of the other streams would wait for it.
      maker.add(exchange, time, null);
      owner.soon(maker::makeAll);
    }
  }

  private void body(JournaledExchange exchange, HttpEvent.Body body, long time) throws IOException {
    Bytes data = body.data();
    for (int at = 0; at < data.length(); at += LINE_BYTES) {
      int length = Math.min(LINE_BYTES, data.length() - at);
      HttpEvent.Body part =
          length == data.length()
              ? body
              : new HttpEvent.Body(
                  body.exchange(),
                  body.side(),
                  Bytes.view(data.array(), data.offset() + at, length),
                  body.plain());
      byte[] line = Journal.line(part, time);
      long from = journal.end();
      if (write(line, time, /* body= */ true)) {
        exchange.add(part, time, from, from + line.length);
      } else {
        HttpEvent.Missing missing =
            new HttpEvent.Missing(
                body.exchange(),
                body.side(),
                length,
                "more waits for the disk than is held in memory",
                /* gap= */ true);
        lose(time, missing);
        note(missing, time);
        exchange.add(missing, time);
      }
    }
  }

  private void note(HttpEvent event, long time) throws IOException {
    write(Journal.line(event, time), time, /* body= */ false);
  }

  private boolean write(byte[] line, long time, boolean body) throws IOException {
    if (strict) {
      try {
        journal.append(line);
        return true;
      } catch (IOException e) {
        har.fail(time, e);
        throw e;
      }
    }
    boolean held = journal.hold(line, body);
    if (journal.isFull()) {
      try {
        journal.flush();
      } catch (IOException e) {
        har.note(e);
      }
    }
    if (journal.isBehind()) {
      flushSoon(JOURNAL_MILLIS);
    }
    return held;
  }

  private void flushSoon(long millis) {
    if (!flushing) {
      flushing = true;
      owner.later(this::flush, millis);
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
      har.note(e);
      flushSoon(JournalFile.RETRY_MILLIS);
    } finally {
      lock.unlock();
    }
    catchUp();
  }

  private void lose(long time, HttpEvent.Missing missing) {
    har.lose(TimeUnit.NANOSECONDS.toMillis(time), missing.bytes(), missing.reason());
  }

  /** What the making of entries asks of the journal. */
  private final class Source implements EntryMaker.Source {

    @Override
    public Path path() throws IOException {
      return owner.path(journal.name());
    }

    @Override
    public void needs(JournaledExchange exchange) throws IOException {
      lock.lock();
      try {
        if (journal.written() < exchange.neededBytes()) {
          journal.flush();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void written(JournaledExchange exchange, long time) throws IOException {
      lock.lock();
      try {
        write(Journal.written(exchange.number()), time, /* body= */ false);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void done(JournaledExchange exchange) {
      lock.lock();
      try {
        exchange.release();
        composing--;
        if (open.isEmpty() && composing == 0 && !maker.isMissingOne()) {
          journal.forget();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void lose(long time, HttpEvent.Missing missing) {
      HarWriter.this.lose(time, missing);
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
      journal.hurry();
    } finally {
      lock.unlock();
    }
    maker.makeLast();
    boolean whole = maker.isWhole();
    boolean there = maker.seal();
    lock.lock();
    try {
      if (!whole) {
        journal.flush();
      }
    } catch (IOException e) {
      har.note(e);
    } finally {
      journal.seal(whole);
      lock.unlock();
    }
    return there;
  }

  @Override
  public void checksum(String value) {
    sha256 = value;
  }

  @Override
  public List<Gap> gaps() {
    return har.gaps();
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
