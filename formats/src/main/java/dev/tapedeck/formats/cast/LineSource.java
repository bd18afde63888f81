package dev.tapedeck.formats.cast;

import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into lines at line feeds, with a limit on their length. */
final class LineSource {

  private static final int INITIAL_BYTES = 64 * 1024;

  private final InputStream in;
  private final int maxLineBytes;
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int start;
  private int next;
  private int filled;
  private int length;
  private long number;
  private boolean terminated;

  LineSource(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Goes to the next line.
   *
   * @return false at the end
   * @throws CastFormatException if the line is too long
   */
  boolean next() throws IOException {
    start = next;
    int searched = start;
    while (true) {
      int newline = find(searched);
      if (newline >= 0) {
        return line(newline - start, newline + 1, true);
      }
      searched = filled - start; // from the line's start, which filling may move
      if (!fill()) {
        return filled > start && line(filled - start, filled, false);
      }
      searched += start;
    }
  }

  private boolean line(int length, int next, boolean terminated) throws CastFormatException {
    checkLength(length);
    this.length = length;
    this.next = next;
    this.terminated = terminated;
    number++;
    return true;
  }

  private void checkLength(int length) throws CastFormatException {
    if (length > maxLineBytes) {
      throw new CastFormatException(
          number + 1, "is too long; a line may have " + maxLineBytes + " bytes");
    }
  }

  private int find(int from) {
    for (int i = from; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Reads more, moving the line to the buffer's start or growing the buffer if it is full. */
  private boolean fill() throws IOException {
    if (filled == buffer.length) {
      checkLength(filled - start);
      byte[] target = start > 0 ? buffer : new byte[Math.multiplyExact(buffer.length, 2)];
      System.arraycopy(buffer, start, target, 0, filled - start);
      buffer = target;
      filled -= start;
      start = 0;
    }
    int count = in.read(buffer, filled, buffer.length - filled);
    if (count < 0) {
      return false;
    }
    filled += count;
    return true;
  }

  byte[] array() {
    return buffer;
  }

  int offset() {
    return start;
  }

  /** Without the line feed. */
  int length() {
    return length;
  }

  /** The line's number, from 1. */
  long number() {
    return number;
  }

  /** Whether a line feed ends the line; false only for the last one of a file without it. */
  boolean isTerminated() {
    return terminated;
  }

  /** Whether there is nothing on it but blanks. */
  boolean isBlank() {
    for (int i = start; i < start + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
