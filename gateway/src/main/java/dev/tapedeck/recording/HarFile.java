package dev.tapedeck.recording;

import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.storage.TapeFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A HAR that is JSON at every moment: entries are put over its end, with a new end behind them.
 *
 * <p>Entries that cannot be written wait in memory up to a limit and are tried again with the next;
 * what does not fit is a gap, which the file's end names. For one thread at a time, but {@link
 * #gaps} and {@link #count}, which are for any.
 */
final class HarFile {

  private static final Logger LOG = LoggerFactory.getLogger(HarFile.class);

  /** Entries that wait for a disk are kept up to so many bytes. */
  static final long MAX_WAITING_BYTES = 32L << 20;

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Tape.Owner owner;
  private final String track;
  private final String name;
  private final Deque<Blocks> waiting = new ArrayDeque<>();
  private final List<Gap> ended = new ArrayList<>();
  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable OpenGap gap;
  private @Nullable TapeFile file;

  /** Where the next entry goes. */
  private long end;

  private byte[] foot = {};
  private boolean empty = true;
  private long waitingBytes;
  private long retryAt;
  private boolean failing;

  HarFile(Tape.Owner owner, String track, String name) {
    this.owner = owner;
    this.track = track;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** How many entries are in the file. */
  long count() {
    return count.get();
  }

  /** Makes the file, with no entry yet. */
  void open() throws IOException {
    if (file != null) {
      return;
    }
    TapeFile made = owner.open(name);
    byte[] head = HarLayout.head(version());
    byte[] first = HarLayout.foot(new Arr());
    byte[] whole = new byte[head.length + first.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(first, 0, whole, head.length, first.length);
    try {
      made.append(whole, 0, whole.length);
    } catch (IOException e) {
      made.close();
      owner.remove(name);
      throw e;
    }
    file = made;
    end = head.length;
    foot = first;
  }

  /** The program's, for the file's creator. */
  static String version() {
    String version = HarFile.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /**
   * Writes an entry, after those that wait. One that cannot be written waits, if there is room.
   *
   * @param entry as JSON
   * @param time in nanoseconds of the session's clock
   * @throws IOException if it was not written
   */
  void append(Blocks entry, long time) throws IOException {
    if (failing && System.nanoTime() - retryAt < 0) {
      hold(entry, time);
      throw new IOException(name + " is not written for a while");
    }
    try {
      open();
      writeWaiting(time);
      put(entry);
      failing = false;
    } catch (IOException e) {
      fail(time, e);
      hold(entry, time);
      throw e;
    }
  }

  /** What could not be written is gone, or waits. */
  void fail(long time, IOException e) {
    retryAt = System.nanoTime() + RETRY_NANOS;
    if (!failing) {
      failing = true;
      LOG.warn("Recording {} fails, the streams go on: {}", name, e.getMessage());
      owner.makeRoom();
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      if (gap == null) {
        gap = new OpenGap(time, reason);
      }
      owner.gapChanged();
    }
  }

  void note(IOException e) {
    LOG.debug("{}: {}", name, e.getMessage());
  }

  private void hold(Blocks entry, long time) {
    long size = entry.size();
    if (waitingBytes + size <= MAX_WAITING_BYTES) {
      waiting.add(entry);
      waitingBytes += size;
      return;
    }
    OpenGap current = gap;
    if (current == null) {
      current = new OpenGap(time, "more waits for the disk than is held in memory");
      gap = current;
    }
    current.count(size);
    owner.gapChanged();
  }

  private void writeWaiting(long time) throws IOException {
    Blocks entry;
    while ((entry = waiting.peek()) != null) {
      put(entry);
      waiting.remove();
    }
    waitingBytes = 0;
    OpenGap over = gap;
    if (over != null) {
      gap = null;
      if (over.bytes() > 0) {
        synchronized (ended) {
          ended.add(over.record(track, time));
        }
      }
      LOG.info("Recording {} goes on, {} bytes are missing", name, over.bytes());
      owner.gapChanged();
    }
  }

  private void put(Blocks entry) throws IOException {
    TapeFile to = file;
    if (to == null) {
      throw new IllegalStateException(name + " is not open");
    }
    byte[] before = HarLayout.before(empty);
    byte[] newFoot = HarLayout.foot(named());
    to.replaceEnd(end, entry.between(before, newFoot), foot);
    end += before.length + entry.size();
    foot = newFoot;
    empty = false;
    count.incrementAndGet();
  }

  private Arr named() {
    Arr gaps = new Arr();
    for (Gap each : gaps()) {
      Long to = each.toMillis();
      gaps.add(
          new Obj()
              .put("from_ms", each.fromMillis())
              .put("to_ms", to == null ? Json.Null.NULL : Json.Num.of(to))
              .put("bytes", each.bytes())
              .put("reason", each.reason()));
    }
    return gaps;
  }

  /** Nothing more comes: the last try for what waits. */
  boolean seal() throws IOException {
    OpenGap over = gap;
    if (!waiting.isEmpty() || over != null) {
      try {
        open();
        writeWaiting(over == null ? 0 : over.from());
      } catch (IOException e) {
        LOG.warn("{} stays without {} entries: {}", name, waiting.size(), e.getMessage());
        giveUp(e);
      }
    }
    TapeFile is = file;
    if (is == null) {
      return false;
    }
    byte[] last = HarLayout.foot(named());
    try {
      is.replaceEnd(end, last, foot);
    } finally {
      is.seal();
    }
    return true;
  }

  private void giveUp(IOException why) {
    OpenGap current = gap;
    if (current == null) {
      current = new OpenGap(0, String.valueOf(why.getMessage()));
    }
    for (Blocks entry : waiting) {
      current.count(entry.size());
    }
    gap = null;
    synchronized (ended) {
      ended.add(current.record(track, null));
    }
  }

  /** Whether entries wait in memory: until they are in the file, the journal alone has them. */
  boolean isBehind() {
    return !waiting.isEmpty();
  }

  /** Whether every entry that came is in the file. */
  boolean isWhole() {
    return waiting.isEmpty() && gaps().isEmpty();
  }

  void gapChanged() {
    owner.gapChanged();
  }

  List<Gap> gaps() {
    List<Gap> all = new ArrayList<>();
    synchronized (ended) {
      all.addAll(ended);
    }
    OpenGap current = gap;
    if (current != null) {
      all.add(current.record(track, null));
    }
    return all;
  }

  /** Seconds of the session's clock, to the microsecond, as in casts. */
  static Json.Num seconds(long nanos) {
    return new Json.Num(
        BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMicros(nanos), 6).toPlainString());
  }
}
