package dev.tapedeck.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code .live} in a session's folder: says that a gateway is at work in it, and holds
 * some room for when the disk is full.
 *
 * <pre>
 *   create: .live.tmp --lock, fill--> .live, locked --+-- session ends: removed
 *                                                     |
 *                                                     +-- gateway dies: .live, unlocked
 *                                                         -- seize: locked, repair --> removed
 * </pre>
 *
 * <p>Many gateways may share a folder of recordings, and one that starts must tell the sessions of
 * a dead one from those of its neighbours. The system drops a process's locks whatever way it dies,
 * so the lock alone tells; it needs no clock, no process number and no list of gateways. A lock for
 * each session rather than one for each gateway, because then nothing has to say which session is
 * whose. It costs a file descriptor for each live session. The file gets its name only when it is
 * locked, so that nobody ever sees a live session's unlocked.
 *
 * <p>A gateway locks two bytes: {@link #OWNED}, which only gateways lock, so that who gets it knows
 * that nobody is at work; and {@link #SEEN}, by which a reader looks whether somebody is, and which
 * it holds for a moment. A gateway that takes over waits for that moment.
 *
 * <p>These are POSIX locks: a process loses its lock on a file when it closes <em>any</em>
 * descriptor of that file. So this process never opens a mark that it holds a second time: {@link
 * #HELD} knows them by device and inode.
 */
final class LiveMark implements Closeable {

  static final String NAME = ".live";
  static final String UNBORN = ".live.tmp";

  /** How much room is held back: enough for a gap's mark on each track and a session.json. */
  static final int RESERVE_BYTES = 16 * 1024;

  /** A mark that got no name in this time belongs to a gateway that died while it made it. */
  private static final Duration BIRTH_LIMIT = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(LiveMark.class);

  /** The file keys (device and inode) of the marks that this process holds. */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  /** What fills the reserve: not zeros, which some file systems store as nothing. */
  private static final byte[] BALLAST = new byte[RESERVE_BYTES];

  static {
    new SplittableRandom(1).nextBytes(BALLAST);
  }

  private static final long OWNED = 0;
  private static final long SEEN = 1;

  private final Path path;
  private final RandomAccessFile file;
  private final Object key;
  private boolean filled;

  private LiveMark(Path path, RandomAccessFile file, Object key) {
    this.path = path;
    this.file = file;
    this.key = key;
  }

  /**
   * Marks a folder as live. On a disk that is full already the reserve stays empty.
   *
   * @throws IOException with path and reason
   */
  static LiveMark create(Path folder) throws IOException {
    Path unborn = folder.resolve(UNBORN);
    DiskFile.create(unborn).close();
    try {
      RandomAccessFile file = new RandomAccessFile(unborn.toFile(), "rw");
      LiveMark mark = new LiveMark(folder.resolve(NAME), file, fileKey(unborn));
      HELD.add(mark.key);
      try {
        mark.lock();
        mark.refill();
        Files.move(unborn, mark.path, StandardCopyOption.ATOMIC_MOVE);
        return mark;
      } catch (IOException e) {
        mark.close();
        throw e;
      }
    } catch (IOException e) {
      IOException failure = StorageException.of("create", unborn, e);
      try {
        Files.deleteIfExists(unborn);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
    }
  }

  private void lock() {
    try {
      if (!lock(file.getChannel())) {
        log.warn("{} is locked by another process, though this one has just made it", path);
      }
    } catch (IOException e) {
      // Some network file systems have no locks. The session is recorded all the same; seize and
      // held fail there too, so that nobody takes it for dead.
      log.warn("{} cannot be locked ({}): after a crash it is not repaired", path, e.getMessage());
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    // Both are given back when the file is closed.
    FileLock owned = channel.tryLock(OWNED, 1, /* shared= */ false);
    return owned != null && channel.lock(SEEN, 1, /* shared= */ false).isValid();
  }

  /**
   * Takes over the mark of a gateway that died; null if there is none, or if its gateway lives.
   *
   * @throws IOException with path and reason, if that cannot be told
   */
  static @Nullable LiveMark seize(Path folder) throws IOException {
    Path path = folder.resolve(NAME);
    // One at a time: two threads that open the same mark would lose each other the lock.
    synchronized (HELD) {
      try {
        Object key = fileKey(path);
        if (HELD.contains(key)) {
          return null;
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        LiveMark mark = new LiveMark(path, file, key);
        boolean seized = false;
        try {
          // Somebody may have repaired and removed it between the look and the lock.
          seized = lock(file.getChannel()) && key.equals(fileKey(path));
        } finally {
          if (seized) {
            mark.filled = file.length() > 0;
            HELD.add(key);
          } else {
            file.close();
          }
        }
        return seized ? mark : null;
      } catch (NoSuchFileException e) {
        return null;
      } catch (IOException e) {
        throw StorageException.of("lock", path, e);
      }
    }
  }

  /**
   * Whether a gateway is at work in a folder, this one or another.
   *
   * @throws IOException with path and reason, if that cannot be told
   */
  static boolean held(Path folder) throws IOException {
    if (unborn(folder)) {
      return true;
    }
    Path path = folder.resolve(NAME);
    // One at a time, as in seize.
    synchronized (HELD) {
      try {
        if (HELD.contains(fileKey(path))) {
          return true;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
          return file.getChannel().tryLock(SEEN, 1, /* shared= */ false) == null
              && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        }
      } catch (NoSuchFileException | FileNotFoundException e) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          throw StorageException.of("look at", path, e);
        }
        return false;
      } catch (IOException e) {
        throw StorageException.of("look at", path, e);
      }
    }
  }

  private static boolean unborn(Path folder) throws IOException {
    try {
      Instant made = Files.getLastModifiedTime(folder.resolve(UNBORN)).toInstant();
      return made.isAfter(Instant.now().minus(BIRTH_LIMIT));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Device and inode, by a look that opens nothing. */
  private static Object fileKey(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return Objects.requireNonNull(attributes.fileKey(), "a POSIX file system has inodes");
  }

  /** Gives the reserved room back to the disk; false if there was none. */
  synchronized boolean release() throws IOException {
    if (!filled) {
      return false;
    }
    try {
      file.setLength(0);
    } catch (IOException e) {
      throw StorageException.of("cut", path, e);
    }
    filled = false;
    return true;
  }

  /** Reserves the room again; false if the disk has none to give. */
  synchronized boolean refill() {
    if (filled) {
      return true;
    }
    try {
      file.seek(0);
      file.write(BALLAST);
      filled = true;
    } catch (IOException e) {
      log.debug("no room for a reserve in {}: {}", path, e.getMessage());
      try {
        file.setLength(0);
      } catch (IOException left) {
        log.debug("half a reserve stays in {}: {}", path, left.getMessage());
      }
    }
    return filled;
  }

  /** The session is over: removes the file and lets go of the lock. */
  synchronized void remove() throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StorageException.of("remove", path, e);
    } finally {
      close();
    }
  }

  /** Lets go of the lock and leaves the file, as a crash would. */
  @Override
  public synchronized void close() throws IOException {
    filled = false;
    // In this order: once the file is closed its inode may be another's, and that one's to hold.
    HELD.remove(key);
    file.close();
  }
}
