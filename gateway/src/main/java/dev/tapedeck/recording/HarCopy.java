package dev.tapedeck.recording;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HAR with a copy of the exchanges of all sessions, each as it stands in its session's own,
 * with the session's id in {@code _session}. An earlier one is continued.
 *
 * <p>The file is JSON after every write. It is written by a thread of its own, which no session
 * waits for: what does not fit into memory meanwhile, or cannot be written, is missing from the
 * copy and is counted in its {@code _gaps}; the session's own recording has it all the same.
 */
public final class HarCopy implements RecordingListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HarCopy.class);

  /** Entries that wait for a disk are kept up to so many bytes. */
  static final long MAX_WAITING_BYTES = 64L << 20;

  /** How long {@link #close} waits for a disk. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private static final String OURS =
      "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"tapedeck\"";

  private final Path path;
  private final RandomAccessFile file;
  private final Thread writer;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closing;
  private long lostEntries;
  private long lostBytes;
  private @Nullable String lostReason;

  /** Where the next entry goes; the writer's alone, as the next one is. */
  private long end;

  private boolean empty;

  private HarCopy(Path path, RandomAccessFile file, HarLayout.End whole) {
    this.path = path;
    this.file = file;
    this.end = whole.bytes();
    this.empty = whole.empty();
    this.writer = Thread.ofPlatform().name("har-copy").daemon().unstarted(this::write);
  }

  /**
   * Makes the file, or continues it.
   *
   * @throws IOException in a sentence, if it cannot be written, or is there and is no HAR of this
   *     program's
   */
  public static HarCopy open(Path path) throws IOException {
    try {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is there already", path);
    } catch (IOException e) {
      throw new IOException("cannot make " + path + ": " + reason(e), e);
    }
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw new IOException("cannot write " + path + ": " + reason(e), e);
    }
    try {
      HarCopy copy = new HarCopy(path, file, begin(path, file));
      copy.finishLine();
      copy.writer.start();
      return copy;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static HarLayout.End begin(Path path, RandomAccessFile file) throws IOException {
    lock(path, file);
    if (file.length() == 0) {
      byte[] head = HarLayout.head(HarFile.version());
      file.write(head);
      return new HarLayout.End(head.length, null, new Arr());
    }
    byte[] first = new byte[OURS.length()];
    int read = file.read(first);
    HarLayout.End whole = HarLayout.wholeEnd(file.getChannel());
    if (read < first.length
        || !new String(first, StandardCharsets.UTF_8).equals(OURS)
        || whole.bytes() == 0) {
      throw new IOException(
          path + " is there and is no HAR of this program's: name another file, or move it away");
    }
    return whole;
  }

  private static void lock(Path path, RandomAccessFile file) throws IOException {
    boolean locked;
    try {
      locked = file.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    }
    if (!locked) {
      throw new IOException(path + " is being written by another gateway");
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public void session(SessionRecord session) {
    // The exchanges come one by one.
  }

  @Override
  public void exchange(SessionId session, String track, Obj entry) {
    String text = entry.text();
    String named = text.substring(0, text.length() - 1) + ",\"_session\":\"" + session + "\"}";
    byte[] bytes = named.getBytes(StandardCharsets.UTF_8);
    synchronized (waiting) {
      if (closing || waitingBytes + bytes.length > MAX_WAITING_BYTES) {
        lose(bytes, "more waits for the disk than is held in memory");
        return;
      }
      waiting.add(bytes);
      waitingBytes += bytes.length;
      waiting.notifyAll();
    }
  }

  private void lose(byte[] entry, String reason) {
    synchronized (waiting) {
      if (lostEntries == 0) {
        LOG.warn("{} lacks an exchange, its session's own recording has it: {}", path, reason);
      }
      lostEntries++;
      lostBytes += entry.length;
      lostReason = reason;
    }
  }

  private void write() {
    byte[] entry;
    while ((entry = next()) != null) {
      try {
        put(entry);
      } catch (IOException e) {
        lose(entry, reason(e));
        cutBack();
      } catch (RuntimeException | Error e) {
        // The next one may be smaller, and this thread is the only one that writes.
        LOG.error("An exchange is not copied to {}", path, e);
        lose(entry, e.toString());
        cutBack();
      }
    }
  }

  private byte @Nullable [] next() {
    synchronized (waiting) {
      while (waiting.isEmpty() && !closing) {
        try {
          waiting.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return null;
        }
      }
      byte[] entry = waiting.poll();
      waitingBytes -= entry == null ? 0 : entry.length;
      return entry;
    }
  }

  /** One write over the end, so that the file is whole before and after. */
  private void put(byte[] entry) throws IOException {
    byte[] before = (empty ? "\n" : ",\n").getBytes(StandardCharsets.UTF_8);
    byte[] foot = foot();
    byte[] all = new byte[before.length + entry.length + foot.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(entry, 0, all, before.length, entry.length);
    System.arraycopy(foot, 0, all, before.length + entry.length, foot.length);
    file.seek(end);
    file.write(all);
    end += before.length + entry.length;
    empty = false;
    file.setLength(end + foot.length);
  }

  private void cutBack() {
    try {
      finishLine();
    } catch (IOException e) {
      LOG.debug("{} has no end: {}", path, e.getMessage());
    }
  }

  private void finishLine() throws IOException {
    byte[] foot = foot();
    file.seek(end);
    file.write(foot);
    file.setLength(end + foot.length);
  }

  private byte[] foot() {
    Arr gaps = new Arr();
    synchronized (waiting) {
      if (lostEntries > 0) {
        gaps.add(
            new Obj()
                .put("entries", lostEntries)
                .put("bytes", lostBytes)
                .put("reason", String.valueOf(lostReason)));
      }
    }
    return HarLayout.foot(gaps);
  }

  /** Waits until what has come is written, but not for a disk that hangs. */
  @Override
  public void close() throws IOException {
    synchronized (waiting) {
      closing = true;
      waiting.notifyAll();
    }
    try {
      if (!writer.join(CLOSING)) {
        LOG.warn("{} is not whole: the disk does not answer", path);
        return;
      }
      finishLine();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!writer.isAlive()) {
        file.close();
      }
    }
  }
}
