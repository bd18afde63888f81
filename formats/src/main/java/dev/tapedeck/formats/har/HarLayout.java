package dev.tapedeck.formats.har;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a live file is laid out: a line that begins it, a line for each entry, a line that ends it.
 *
 * <pre>
 *   {"log":{"version":"1.2","creator":{...},"pages":[],"entries":[
 *   {entry},
 *   {entry}
 *   ]}}
 * </pre>
 *
 * <p>The next entry and a new last line are one write over the old last line, so that the file is
 * JSON after every write. A write that a crash cut short is found again by its line.
 */
public final class HarLayout {

  private static final int BLOCK_BYTES = 64 * 1024;

  private static final int MAX_FOOT_BYTES = 1024 * 1024;
  private static final String GAPS = "\n],\"_gaps\":";

  private HarLayout() {}

  /**
   * What a file begins with, up to where the first entry goes.
   *
   * @param version of the program that writes it
   */
  public static byte[] head(String version) {
    String creator = new Obj().put("name", "tapedeck").put("version", version).text();
    return bytes(
        "{\"log\":{\"version\":\"1.2\",\"creator\":" + creator + ",\"pages\":[],\"entries\":[");
  }

  /** An entry's line with what comes before it. */
  public static byte[] entry(Obj entry, boolean first) {
    byte[] before = before(first);
    byte[] json = entry.bytes();
    byte[] line = Arrays.copyOf(before, before.length + json.length);
    System.arraycopy(json, 0, line, before.length, json.length);
    return line;
  }

  /** What stands between an entry and what comes before it. */
  public static byte[] before(boolean first) {
    return bytes(first ? "\n" : ",\n");
  }

  /**
   * What a file ends with.
   *
   * @param gaps what is missing from it, in objects; nothing is said of none
   */
  public static byte[] foot(Arr gaps) {
    return bytes(gaps.values().isEmpty() ? "\n]}}\n" : GAPS + gaps.text() + "}}\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Where a file ends behind its last whole entry.
   *
   * @param bytes where the next line may begin; 0 if not even the head is whole
   * @param last the entry before it, or null if there is none
   * @param gaps what the file's end says is missing, where that end is whole
   */
  public record End(long bytes, @Nullable Obj last, Arr gaps) {

    static final End NOWHERE = new End(0, null, new Arr());

    /** Whether there is no entry before it. */
    public boolean empty() {
      return last == null;
    }
  }

  /**
   * Looks for the last whole entry, from the end. Reads no more than the last lines.
   *
   * @throws IOException if it cannot be read
   */
  public static End wholeEnd(SeekableByteChannel file) throws IOException {
    long end = file.size();
    while (end > 0) {
      long begin = lineBegin(file, end);
      byte[] line = read(file, begin, end);
      if (begin == 0) {
        return head(line) ? new End(line.length, null, gaps(file, line.length)) : End.NOWHERE;
      }
      int length = line.length > 0 && line[line.length - 1] == ',' ? line.length - 1 : line.length;
      if (length > 1
          && line[0] == '{'
          && Json.tryParse(line, 0, length).orElse(null) instanceof Obj entry) {
        return new End(begin + length, entry, gaps(file, begin + length));
      }
      end = begin - 1;
    }
    return End.NOWHERE;
  }

  private static Arr gaps(SeekableByteChannel file, long from) throws IOException {
    if (file.size() - from > MAX_FOOT_BYTES) {
      return new Arr();
    }
    String foot = new String(read(file, from, file.size()), StandardCharsets.UTF_8);
    if (!foot.startsWith(GAPS) || !foot.endsWith("}}\n")) {
      return new Arr();
    }
    byte[] gaps = bytes(foot.substring(GAPS.length(), foot.length() - 3));
    return Json.tryParse(gaps, 0, gaps.length).orElse(null) instanceof Arr known
        ? known
        : new Arr();
  }

  private static boolean head(byte[] line) {
    return new String(line, StandardCharsets.UTF_8).endsWith("\"entries\":[");
  }

  /** Where the line begins that ends before {@code end}. */
  private static long lineBegin(SeekableByteChannel file, long end) throws IOException {
    long at = end;
    while (at > 0) {
      long from = Math.max(0, at - BLOCK_BYTES);
      byte[] block = read(file, from, at);
      for (int i = block.length - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return from + i + 1;
        }
      }
      at = from;
    }
    return 0;
  }

  private static byte[] read(SeekableByteChannel file, long from, long to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(to - from));
    file.position(from);
    while (buffer.hasRemaining() && file.read(buffer) >= 0) {
      // Until it is there whole, or the file has become shorter.
    }
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }
}
