package dev.tapedeck.cli.follow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file that is read line by line while somebody else appends to it. Nothing is held open between
 * two looks. For one thread at a time.
 */
final class GrowingFile {

  /** A longer line is passed over. */
  static final int MAX_LINE_BYTES = 128 << 20;

  private static final int BLOCK_BYTES = 256 << 10;

  /**
   * A file that had not been written to for so long before the last look has nothing new as long as
   * its size stays: clocks of files are coarse, and a write may be seen half.
   */
  private static final long QUIET_MILLIS = 1_000;

  /** By so many bytes a file is known again. */
  private static final int HEAD_BYTES = 64;

  /** Takes whole lines. */
  interface Taker {

    /**
     * Takes the next line, or leaves it for the next look.
     *
     * @param offset where the line begins in the file
     * @param line without its newline; the array is the taker's
     * @return false if the line is not to be taken yet: then the next look begins with it
     */
    boolean line(long offset, byte[] line) throws IOException;
  }

  private final Path path;
  private byte[] head = {};
  private long position;
  private boolean skipping;
  private boolean drained;
  private long lookedSize;
  private long writtenMillis;
  private boolean quiet;

  GrowingFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** How many bytes have been read. */
  long position() {
    return position;
  }

  /** Whether the last look was at a file that nobody was just writing to. */
  boolean quiet() {
    return quiet;
  }

  /** The file's size; 0 if it is not there. */
  long size() throws IOException {
    try {
      return Files.size(path);
    } catch (NoSuchFileException none) {
      return 0;
    }
  }

  /**
   * Hands on the lines that are new.
   *
   * @param budget about how many bytes to read at most
   * @return whether there is more to read at once
   */
  boolean look(long budget, Taker taker) throws IOException {
    try {
      long now = System.currentTimeMillis();
      long written = Files.getLastModifiedTime(path).toMillis();
      if (drained && quiet && size() == lookedSize && written == writtenMillis) {
        return false;
      }
      writtenMillis = written;
      quiet = written < now - QUIET_MILLIS;
      boolean more = read(budget, taker);
      drained = !more;
      return more;
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  private boolean read(long budget, Taker taker) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      lookedSize = file.size();
      beginAnewIfOther(file);
      long until = position + budget;
      while (position < until) {
        if (!lines(file, taker)) {
          return false;
        }
      }
      return position < file.size();
    }
  }

  /** A file that became shorter, or begins otherwise, is another one under the same name. */
  private void beginAnewIfOther(FileChannel file) throws IOException {
    byte[] begin = new byte[HEAD_BYTES];
    int length = read(file, begin, 0, 0);
    int common = Math.min(length, head.length);
    if (file.size() < position || !Arrays.equals(begin, 0, common, head, 0, common)) {
      position = 0;
      skipping = false;
    }
    head = Arrays.copyOf(begin, length);
  }

  /** Reads a block with its lines; false if there is no whole one. */
  private boolean lines(FileChannel file, Taker taker) throws IOException {
    byte[] block = new byte[Math.clamp(file.size() - position, 0, BLOCK_BYTES)];
    int length = read(file, block, 0, position);
    int end = lastNewline(block, 0, length);
    while (end < 0 && length == block.length && position + length < file.size()) {
      if (length >= MAX_LINE_BYTES) {
        skipping = true;
        position += length;
        return true;
      }
      block = Arrays.copyOf(block, block.length * 2);
      int more = read(file, block, length, position + length);
      end = lastNewline(block, length, length + more);
      length += more;
    }
    return end >= 0 && hand(block, end, taker);
  }

  private boolean hand(byte[] block, int end, Taker taker) throws IOException {
    int begin = 0;
    while (begin <= end) {
      int newline = begin;
      while (block[newline] != '\n') {
        newline++;
      }
      if (skipping) {
        skipping = false;
      } else if (!taker.line(position, Arrays.copyOfRange(block, begin, newline))) {
        return false;
      }
      position += newline + 1 - begin;
      begin = newline + 1;
    }
    return true;
  }

  private static int lastNewline(byte[] block, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (block[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static int read(FileChannel file, byte[] into, int offset, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, offset, into.length - offset);
    long from = at;
    while (buffer.hasRemaining()) {
      int count = file.read(buffer, from);
      if (count < 0) {
        break;
      }
      from += count;
    }
    return buffer.position() - offset;
  }
}
