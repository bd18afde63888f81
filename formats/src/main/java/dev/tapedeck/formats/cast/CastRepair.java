package dev.tapedeck.formats.cast;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds how much of a recording is whole after a crash. Changes nothing. */
public final class CastRepair {

  private static final int BLOCK_BYTES = 64 * 1024;

  private final SeekableByteChannel channel;
  private final JsonLine json = new JsonLine(CastReader.MAX_LINE_BYTES);
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);

  private CastRepair(SeekableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Where the last whole and valid line ends: the length to which to cut the file.
   *
   * <p>Looks from the end, so that it costs as much as was broken and not as much as was recorded:
   * lines are dropped until one is good. A line is good that its newline ends and that {@link
   * CastReader} takes; what lies before the last good one is not looked at, but for the header.
   *
   * @return the offset after that line's newline; the file's size if nothing is wrong; 0 if not
   *     even the header is whole
   */
  public static long wholeLength(SeekableByteChannel channel) throws IOException {
    CastRepair repair = new CastRepair(channel);
    long headerEnd = repair.newlineAfter(0);
    CastHeader header = headerEnd < 0 ? null : repair.header(headerEnd);
    return header == null ? 0 : repair.wholeLength(header, headerEnd + 1);
  }

  private long wholeLength(CastHeader header, long headerLength) throws IOException {
    long end = newlineBefore(channel.size()) + 1;
    while (end > headerLength) {
      long start = newlineBefore(end - 1) + 1;
      if (isGood(header, start, end - 1)) {
        return end;
      }
      end = start;
    }
    return headerLength;
  }

  private @Nullable CastHeader header(long end) throws IOException {
    byte[] line = line(0, end);
    try {
      return line == null ? null : HeaderLine.parse(json.parse(line, 0, line.length));
    } catch (CastFormatException | JsonLine.NotJson e) {
      return null;
    }
  }

  private boolean isGood(CastHeader header, long start, long end) throws IOException {
    byte[] line = line(start, end);
    if (line == null) {
      return false;
    }
    String text = new String(line, StandardCharsets.ISO_8859_1);
    if (text.isBlank() || (header.version() == 3 && text.startsWith("#"))) {
      return true;
    }
    try {
      EventLine.parse(json.parse(line, 0, line.length), 1, header.version(), 0);
      return true;
    } catch (CastFormatException | JsonLine.NotJson e) {
      return false;
    }
  }

  /** The bytes from {@code start} to {@code end}; null if no line may be so long. */
  private byte @Nullable [] line(long start, long end) throws IOException {
    if (end - start > CastReader.MAX_LINE_BYTES) {
      return null;
    }
    ByteBuffer line = ByteBuffer.allocate((int) (end - start));
    read(line, start);
    return line.array();
  }

  /** The offset of the first newline from {@code start} on that a line may reach; -1 if none. */
  private long newlineAfter(long start) throws IOException {
    long limit = Math.min(channel.size(), start + CastReader.MAX_LINE_BYTES + 1);
    for (long from = start; from < limit; from += BLOCK_BYTES) {
      int count = block(from, limit);
      for (int i = 0; i < count; i++) {
        if (block.get(i) == '\n') {
          return from + i;
        }
      }
    }
    return -1;
  }

  /** The offset of the last newline before {@code end}; -1 if none. */
  private long newlineBefore(long end) throws IOException {
    for (long to = end; to > 0; to -= BLOCK_BYTES) {
      long from = Math.max(0, to - BLOCK_BYTES);
      int count = block(from, to);
      for (int i = count - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return from + i;
        }
      }
    }
    return -1;
  }

  private int block(long from, long limit) throws IOException {
    block.clear().limit((int) Math.min(BLOCK_BYTES, limit - from));
    read(block, from);
    return block.limit();
  }

  private void read(ByteBuffer target, long from) throws IOException {
    channel.position(from);
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new EOFException("the recording became shorter while it was looked at");
      }
    }
  }
}
