package dev.tapedeck.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file that only grows, while it is recorded, or whose end is replaced.
 *
 * <p>Not safe for use by several threads at once, except {@link #close}, with which another thread
 * may give up a tape whose disk hangs. Writes block for as long as the disk does: call from
 * platform threads.
 */
public interface AppendFile extends Closeable {

  /**
   * Writes the bytes behind {@link #length()}. After a failure nothing of them counts as written:
   * the length is what it was, and the next append takes the place of what a half-done write may
   * have left.
   *
   * @throws IOException with path and reason, if not all could be written
   * @throws IndexOutOfBoundsException if the bytes do not lie in {@code buffer}
   */
  void append(byte[] buffer, int offset, int length) throws IOException;

  /**
   * Puts bytes in the place of the file's end, in one write.
   *
   * @param position where they begin, at most {@link #length()}; what lies behind it goes
   * @param old what lies there now: put back if the write fails, as far as that is possible
   * @throws IOException with path and reason, if not all could be written
   */
  void replaceEnd(long position, byte[] fresh, byte[] old) throws IOException;

  /** How many bytes were written whole. */
  long length();

  /**
   * Cuts the file to {@link #length()} and closes it. A second call does nothing.
   *
   * @throws IOException with path and reason, if what lies behind the end could not be cut off; it
   *     is closed all the same
   */
  void seal() throws IOException;

  /** Closes the file as it is. A second call does nothing. */
  @Override
  void close() throws IOException;
}
