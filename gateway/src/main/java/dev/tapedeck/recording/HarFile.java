package dev.tapedeck.recording;

import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.storage.AppendFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A HAR that is JSON after every write: entries are put over its end, with a new end behind them.
 *
 * <p>What cannot be written is still in the journal, and is tried again; what cannot until the
 * session's end is a gap, which the file's end names. For one thread at a time, but {@link #gaps}
 * and {@link #count}, which are for any.
 */
final class HarFile {

  private static final Logger LOG = LoggerFactory.getLogger(HarFile.class);

  /** How long a disk that failed is left alone: twice as long each time. */
  private static final long MIN_REST_MILLIS = 200;

  private static final long MAX_REST_MILLIS = 5_000;

  private final TrackWriter.Owner owner;
  private final String name;
  private final GapLog gaps;
  private final AtomicLong count = new AtomicLong();
  private @Nullable AppendFile file;

  /** Where the next entry goes. */
  private long end;

  private byte[] foot = {};
  private boolean empty = true;
  private long retryAt;
  private long restMillis = MIN_REST_MILLIS;
  private boolean failing;

  HarFile(TrackWriter.Owner owner, String track, String name) {
    this.owner = owner;
    this.gaps = new GapLog(track);
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
    AppendFile made = owner.open(name);
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

  /** Whether a disk that failed is still left alone. */
  boolean rests() {
    return failing && System.nanoTime() - retryAt < 0;
  }

  /** For how long a disk that failed is left alone, in milliseconds. */
  long restMillis() {
    return restMillis;
  }

  /** The disk is tried again at once. */
  void hurry() {
    retryAt = System.nanoTime();
  }

  /**
   * Writes an entry.
   *
   * @param entry as JSON
   * @param time in nanoseconds of the session's clock
   * @throws IOException if it was not written
   */
  void append(Blocks entry, long time) throws IOException {
    try {
      open();
      put(entry);
    } catch (IOException e) {
      fail(time, e);
      throw e;
    }
    failing = false;
    restMillis = MIN_REST_MILLIS;
    if (gaps.isOpen()) {
      gaps.cancel(time);
      LOG.info("Recording {} goes on, nothing is missing", name);
      owner.gapChanged();
    }
  }

  /** What could not be written waits in the journal. */
  void fail(long time, IOException e) {
    restMillis = failing ? Math.min(2 * restMillis, MAX_REST_MILLIS) : MIN_REST_MILLIS;
    retryAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(restMillis);
    if (!failing) {
      failing = true;
      LOG.warn("Recording {} fails, the streams go on: {}", name, e.getMessage());
      owner.makeRoom();
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      gaps.begin(time, reason);
      owner.gapChanged();
    }
  }

  void note(IOException e) {
    LOG.debug("{}: {}", name, e.getMessage());
  }

  /**
   * An exchange gets no entry.
   *
   * @param bytes of its bodies
   */
  void giveUp(long bytes) {
    gaps.begin(0, "the disk does not take it");
    gaps.count(bytes);
  }

  private void put(Blocks entry) throws IOException {
    AppendFile to = file;
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

  /** Nothing more comes. */
  boolean seal() throws IOException {
    gaps.end(null);
    AppendFile is = file;
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

  /**
   * Something was lost before it came to the file.
   *
   * @param millis when, by the session's clock
   */
  void lose(long millis, long bytes, String reason) {
    RecordingMetrics.GAPS.inc();
    RecordingMetrics.LOST_BYTES.inc(bytes);
    gaps.lose(millis, bytes, reason);
    owner.gapChanged();
  }

  /** The gaps so far. */
  List<Gap> gaps() {
    return gaps.all();
  }

  /** Seconds of the session's clock, to the microsecond, as in casts. */
  static Json.Num seconds(long nanos) {
    return new Json.Num(
        BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMicros(nanos), 6).toPlainString());
  }
}
