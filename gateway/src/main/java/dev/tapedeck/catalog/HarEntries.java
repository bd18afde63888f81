package dev.tapedeck.catalog;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a session's own HAR, one after the other: of the layout that {@link
 * dev.tapedeck.formats.har.HarLayout} writes, an entry a line. Holds one in memory. The file may
 * grow meanwhile: an entry that is not whole yet is the end.
 */
public final class HarEntries implements Closeable {

  /** The longest entry that is read. */
  public static final int MAX_ENTRY_BYTES = 256 << 20;

  private static final int BLOCK_BYTES = 64 << 10;

  private final Path file;
  private final InputStream in;
  private final byte[] block = new byte[BLOCK_BYTES];
  private int at;
  private int end;
  private long number;
  private boolean ended;

  /** Opens a HAR. */
  public HarEntries(Path file) throws IOException {
    this.file = file;
    this.in = Files.newInputStream(file);
  }

  /**
   * The next entry; null at the end.
   *
   * @throws IOException with path, line and reason, if the line is none; those behind it can still
   *     be read
   */
  public @Nullable Obj next() throws IOException {
    while (!ended) {
      Line line = line();
      if (line == null) {
        ended = true;
      } else if (line.begins(']')) {
        ended = true;
      } else if (number > 1 || !line.begins("{\"log\"")) {
        return entry(line);
      }
    }
    return null;
  }

  private @Nullable Obj entry(Line line) throws IOException {
    try {
      int length = line.bytes.length;
      if (length > 0 && line.bytes[length - 1] == ',') {
        length--;
      }
      if (Json.parse(line.bytes, 0, length) instanceof Obj entry) {
        return entry;
      }
    } catch (JsonException e) {
      if (!line.terminated) {
        ended = true;
        return null;
      }
      throw new IOException(file + ": line " + number + " is " + e.getMessage(), e);
    }
    throw new IOException(file + ": line " + number + " is no entry of a HAR");
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Line(byte[] bytes, boolean terminated) {

    boolean begins(char first) {
      return bytes.length > 0 && bytes[0] == first;
    }

    boolean begins(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (i >= bytes.length || bytes[i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }

  private @Nullable Line line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean any = false;
    while (true) {
      if (at == end) {
        at = 0;
        end = in.read(block);
        if (end <= 0) {
          end = 0;
          number++;
          return any ? new Line(bytes.toByteArray(), false) : null;
        }
      }
      any = true;
      int stop = at;
      while (stop < end && block[stop] != '\n') {
        stop++;
      }
      if (bytes.size() + (stop - at) > MAX_ENTRY_BYTES) {
        ended = true;
        throw new IOException(
            file + ": line " + (number + 1) + " is longer than " + MAX_ENTRY_BYTES + " bytes");
      }
      bytes.write(block, at, stop - at);
      at = Math.min(stop + 1, end);
      if (stop < end) {
        number++;
        return new Line(bytes.toByteArray(), true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
