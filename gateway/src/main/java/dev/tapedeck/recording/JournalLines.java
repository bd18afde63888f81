package dev.tapedeck.recording;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads the whole lines of a part of a file one by one: no more than a line is in memory. For one
 * thread.
 */
final class JournalLines implements AutoCloseable {

  /** A longer line is passed over: nothing writes one. */
  static final int MAX_LINE_BYTES = 32 << 20;

  private static final int BLOCK_BYTES = 256 * 1024;

  private final RandomAccessFile file;
  private byte[] buffer = new byte[BLOCK_BYTES];

  /** Where in the file the buffer begins, and how much of it is filled. */
  private long base;

  private int filled;
  private int begin;
  private int end = -1;
  private long limit;

  JournalLines(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
    limit = file.length();
  }

  /** Goes to a part of the file, which begins with a line. */
  void range(long from, long to) {
    base = from;
    filled = 0;
    begin = 0;
    end = -1;
    limit = to;
  }

  /** Goes to the next whole line; false if there is none. */
  boolean next() throws IOException {
    boolean skipping = false;
    int from = end + 1;
    int searched = from;
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          begin = from;
          end = i;
          if (!skipping) {
            return true;
          }
          skipping = false;
          from = i + 1;
        }
      }
      int rest = filled - from;
      if (rest >= MAX_LINE_BYTES) {
        skipping = true;
        rest = 0;
      }
      System.arraycopy(buffer, filled - rest, buffer, 0, rest);
      base += filled - rest;
      filled = rest;
      from = 0;
      searched = rest;
      if (!fill()) {
        return false;
      }
    }
  }

  private boolean fill() throws IOException {
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    long left = limit - base - filled;
    if (left <= 0) {
      return false;
    }
    file.seek(base + filled);
    int count = file.read(buffer, filled, (int) Math.min(left, buffer.length - filled));
    filled += Math.max(0, count);
    return count > 0;
  }

  /** Where the line begins in the file. */
  long offset() {
    return base + begin;
  }

  /** Where it begins in {@link #array}. */
  int begin() {
    return begin;
  }

  /** Where its newline stands in {@link #array}. */
  int end() {
    return end;
  }

  /** Has the line until the next call of {@link #next}. */
  byte[] array() {
    return buffer;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
