package dev.tapedeck.storage;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one session.
 *
 * <p>One that {@link RecordingStore#create} made is live: it holds a lock, by which other gateways
 * and {@link Repair} know that somebody is at work here, and a reserve of {@value #RESERVE_BYTES}
 * bytes for when the disk is full. {@link #seal} ends both. One that was found only looks. Safe for
 * use by many threads.
 */
public final class SessionFolder {

  /** The file that says what is known of the session: replaced whole, never appended to. */
  public static final String SUMMARY = "session.json";

  /** How much room a live session holds back, in bytes. */
  public static final int RESERVE_BYTES = LiveMark.RESERVE_BYTES;

  /** The largest file that {@link #read} takes into memory, in bytes. */
  public static final int MAX_READ_BYTES = 16 * 1024 * 1024;

  /**
   * Names that begin with a dot are this room's own: the mark, and files that are being written.
   */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final SessionId id;
  private final Path path;
  private final AppendFiles tapes;
  private final @Nullable LiveMark live;
  private final Object whole = new Object();

  SessionFolder(SessionId id, Path path, AppendFiles tapes, @Nullable LiveMark live) {
    this.id = id;
    this.path = path;
    this.tapes = tapes;
    this.live = live;
  }

  public SessionId id() {
    return id;
  }

  public Path path() {
    return path;
  }

  /**
   * A new file for appending, 0600.
   *
   * @param name letters, digits, {@code . _ -}; not a dot first
   * @throws IOException with path and reason; also if the name is taken, by whatever it is
   */
  public AppendFile open(String name) throws IOException {
    return tapes.create(resolve(name));
  }

  /**
   * Puts {@code bytes} into the file {@code name}, all or nothing: a reader sees the old file or
   * the new one. Only where no second file can be written, as on a full disk, is the old one
   * overwritten: then a reader may for a moment see a mixture.
   *
   * @throws IOException with path and reason; the old file is then as it was, unless the disk
   *     failed in the middle of overwriting it
   */
  public void writeWhole(String name, byte[] bytes) throws IOException {
    Path target = resolve(name);
    Path fresh = path.resolve("." + name + ".tmp");
    synchronized (whole) {
      try {
        replace(target, fresh, bytes);
      } catch (IOException e) {
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
        try {
          overwrite(target, bytes);
        } catch (IOException again) {
          e.addSuppressed(again);
          throw e;
        }
      }
    }
  }

  private static void replace(Path target, Path fresh, byte[] bytes) throws IOException {
    try {
      Files.deleteIfExists(fresh);
      try (DiskFile tape = DiskFile.create(fresh)) {
        tape.append(bytes, 0, bytes.length);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      IOException failure = StorageException.of("write", target, e);
      try {
        Files.deleteIfExists(fresh);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
    }
  }

  /**
   * What does not fit into the file's present size comes first: only that needs new room, and where
   * there is none, nothing has been touched yet.
   */
  private static void overwrite(Path target, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
      long size = file.length();
      int head = (int) Math.min(size, bytes.length);
      try {
        file.seek(head);
        file.write(bytes, head, bytes.length - head);
      } catch (IOException e) {
        file.setLength(size);
        throw e;
      }
      file.seek(0);
      file.write(bytes, 0, head);
      file.setLength(bytes.length);
    } catch (IOException e) {
      throw StorageException.of("overwrite", target, e);
    }
  }

  /**
   * Removes a file; one that is not there is removed already.
   *
   * @throws IOException with path and reason
   */
  public void remove(String name) throws IOException {
    Path file = resolve(name);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StorageException.of("remove", file, e);
    }
  }

  /**
   * The bytes of a small file, such as {@code session.json}.
   *
   * @throws IOException with path and reason; also if there are more than {@link #MAX_READ_BYTES}
   */
  public byte[] read(String name) throws IOException {
    Path file = resolve(name);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(MAX_READ_BYTES + 1);
    } catch (IOException e) {
      throw StorageException.of("read", file, e);
    }
    if (bytes.length > MAX_READ_BYTES) {
      throw new IOException(
          "cannot read " + file + ": it has more than " + MAX_READ_BYTES + " bytes");
    }
    return bytes;
  }

  /** The names of the session's files, sorted; none if the folder is gone. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>(all());
    names.removeIf(name -> !NAME.matcher(name).matches());
    return names;
  }

  /** Every name, this room's own too, sorted. */
  List<String> all() throws IOException {
    return Directory.in(path);
  }

  /** The sizes of all files together, in bytes. */
  public long size() throws IOException {
    long sum = 0;
    for (String name : all()) {
      sum += sizeOf(path.resolve(name));
    }
    return sum;
  }

  private static long sizeOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      // It was being written under a passing name, and is counted under its own.
      return 0;
    } catch (IOException e) {
      throw StorageException.of("measure", file, e);
    }
  }

  /** When a file of this session was last written to; the folder's own time if it has none. */
  public Instant lastWritten() throws IOException {
    try {
      Instant last = Instant.MIN;
      for (String name : names()) {
        Instant time =
            Files.getLastModifiedTime(path.resolve(name), LinkOption.NOFOLLOW_LINKS).toInstant();
        last = time.isAfter(last) ? time : last;
      }
      return last.equals(Instant.MIN) ? Files.getLastModifiedTime(path).toInstant() : last;
    } catch (IOException e) {
      throw StorageException.of("look at", path, e);
    }
  }

  /**
   * Whether a gateway, this one or another, is recording here.
   *
   * @throws IOException with path and reason, if that cannot be told
   */
  public boolean isLive() throws IOException {
    return LiveMark.held(path);
  }

  /**
   * Gives the reserved room back to a disk that is full, so that the gap's mark and {@code
   * session.json} can be written. Another program may be quicker to take it.
   *
   * @return false if there was nothing to give back
   */
  public boolean releaseReserve() throws IOException {
    return live != null && live.release();
  }

  /**
   * Holds room back again, once the disk takes writes.
   *
   * @return false if the disk has no room, or if this folder is not live
   */
  public boolean refillReserve() {
    return live != null && live.refill();
  }

  /**
   * The recording is over: gives the lock and the reserve back. The last call, after {@code
   * session.json} has its last state: from here on {@link Repair} leaves the folder alone. A second
   * call does nothing.
   */
  public void seal() throws IOException {
    if (live != null) {
      live.remove();
    }
  }

  private Path resolve(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name for a session's file: " + name);
    }
    return path.resolve(name);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
