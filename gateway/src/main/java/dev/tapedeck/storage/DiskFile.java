package dev.tapedeck.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * A tape on a local disk.
 *
 * <p>A {@link RandomAccessFile}, because a {@code FileChannel} closes itself when a thread that
 * uses it is interrupted, and one cancelled task would then end the recording for everybody. The
 * file's position stays at its end, so that an append is one {@code write} call and nothing else;
 * only after a failure is the position set back.
 *
 * <p>Nothing is synced: what was written survives the gateway's death, and the machine's only as
 * far as its system had written it out.
 */
final class DiskFile implements AppendFile {

  private final Path path;
  private final RandomAccessFile file;
  private long length;

  /** A write failed: bytes that do not count may lie behind the end. */
  private boolean torn;

  private volatile boolean closed;

  private DiskFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Makes a new file that only its owner may read and write.
   *
   * @throws IOException with path and reason; also if anything has that name already, be it a
   *     dangling link
   */
  static DiskFile create(Path path) throws IOException {
    try {
      // RandomAccessFile knows neither modes nor O_EXCL, so the file is made first. Nobody else can
      // put a link in its place in between: its folder is 0700.
      Files.newByteChannel(path, NEW_FILE, PosixFilePermissions.asFileAttribute(OWNER_ONLY))
          .close();
      return new DiskFile(path, new RandomAccessFile(path.toFile(), "rw"));
    } catch (IOException e) {
      throw StorageException.of("create", path, e);
    }
  }

  private static final Set<OpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  @Override
  public void append(byte[] buffer, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, buffer.length);
    if (closed) {
      throw new IOException("cannot write " + path + ": it is closed");
    }
    try {
      if (torn) {
        cutBack();
      }
      file.write(buffer, offset, count);
      length += count;
    } catch (IOException e) {
      torn = true;
      IOException failure = StorageException.of("write", path, e);
      try {
        // At once, for a full disk needs the space, and a crash must not find half a line here.
        cutBack();
      } catch (IOException stillTorn) {
        failure.addSuppressed(stillTorn);
      }
      throw failure;
    }
  }

  @Override
  public void replaceEnd(long position, byte[] fresh, byte[] old) throws IOException {
    Objects.checkIndex(position, length + 1);
    if (closed) {
      throw new IOException("cannot write " + path + ": it is closed");
    }
    try {
      file.seek(position);
      file.write(fresh);
      long end = position + fresh.length;
      if (end < length) {
        file.setLength(end);
      }
      length = end;
    } catch (IOException e) {
      IOException failure = StorageException.of("write", path, e);
      length = position;
      torn = true;
      try {
        // What was there found room before, and does so again once the rest is cut off.
        cutBack();
        file.write(old);
        length = position + old.length;
      } catch (IOException stillTorn) {
        torn = true;
        failure.addSuppressed(stillTorn);
      }
      throw failure;
    }
  }

  private void cutBack() throws IOException {
    file.setLength(length);
    file.seek(length);
    torn = false;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void seal() throws IOException {
    if (closed) {
      return;
    }
    try (file) {
      closed = true;
      if (torn) {
        cutBack();
      }
    } catch (IOException e) {
      throw StorageException.of("seal", path, e);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      throw StorageException.of("close", path, e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
