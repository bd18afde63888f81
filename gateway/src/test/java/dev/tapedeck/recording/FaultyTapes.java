package dev.tapedeck.recording;

import dev.tapedeck.storage.AppendFile;
import dev.tapedeck.storage.AppendFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A disk that does as the test says: takes so many bytes and then fails, or hangs until it is let
 * go.
 */
public final class FaultyTapes implements AppendFiles {

  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private volatile @Nullable CountDownLatch hang;
  private volatile boolean hung;

  /**
   * From now on takes this many bytes more, then fails; a write that does not fit leaves what does.
   */
  public void failAfter(long bytes) {
    room.set(bytes);
  }

  /** Takes everything again. */
  public void recover() {
    room.set(Long.MAX_VALUE);
  }

  /** From now on writes do not return. */
  public void hang() {
    hung = false;
    hang = new CountDownLatch(1);
  }

  /** Whether a write hangs. */
  public boolean hung() {
    return hung;
  }

  /** Writes that hang return, and no more hang. */
  public void release() {
    CountDownLatch latch = hang;
    hang = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  @Override
  public AppendFile create(Path path) throws IOException {
    AppendFile file = AppendFiles.DISK.create(path);
    return new AppendFile() {
      @Override
      public void append(byte[] buffer, int offset, int length) throws IOException {
        take(length, path);
        file.append(buffer, offset, length);
      }

      @Override
      public void replaceEnd(long position, byte[] fresh, byte[] old) throws IOException {
        take(Math.max(0, position + fresh.length - file.length()), path);
        file.replaceEnd(position, fresh, old);
      }

      @Override
      public long length() {
        return file.length();
      }

      @Override
      public void seal() throws IOException {
        file.seal();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  private void take(long length, Path path) throws IOException {
    CountDownLatch latch = hang;
    if (latch != null) {
      hung = true;
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
    long left = room.get();
    if (left < length) {
      throw new IOException("cannot write " + path + ": No space left on device");
    }
    if (left != Long.MAX_VALUE) {
      room.addAndGet(-length);
    }
  }
}
