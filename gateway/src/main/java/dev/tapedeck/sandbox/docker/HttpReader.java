package dev.tapedeck.sandbox.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one HTTP/1.1 reply (RFC 9112) from a stream of bytes, and never more than that reply: what
 * follows the head of a hijacked connection is the program's.
 *
 * <pre>
 *   head --&gt; body by length ---&gt; end
 *     |----&gt; body in chunks ---&gt; end
 *     |----&gt; body to the end of the connection
 *     '----&gt; 101 or a raw stream: the connection is the caller's
 * </pre>
 */
final class HttpReader {

  /** Bytes of a status line with all headers; engines send some 500. */
  static final int MAX_HEAD_BYTES = 64 * 1024;

  /** Characters of a chunk's size line; a size has at most 16. */
  private static final int MAX_CHUNK_LINE = 1024;

  private final InputStream source;

  /** A source that answers single-byte reads quickly: the head is read byte by byte. */
  HttpReader(InputStream source) {
    this.source = source;
  }

  /**
   * The reply's head.
   *
   * @throws IOException if it is none, is longer than {@link #MAX_HEAD_BYTES}, or ends early
   */
  HttpHead head() throws IOException {
    int[] left = {MAX_HEAD_BYTES};
    String status = line(left);
    if (!status.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException("the answer is not HTTP: it begins with \"" + shown(status) + "\"");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer has a malformed header: \"" + shown(line) + "\"");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new HttpHead(Integer.parseInt(status.substring(9, 12)), headers);
  }

  /**
   * The reply's body as a stream that ends where the body ends.
   *
   * @throws IOException if the head's length is not a number
   */
  InputStream body(HttpHead head) throws IOException {
    if (head.bodiless()) {
      return InputStream.nullInputStream();
    }
    if (head.chunked()) {
      return new ChunkedBody();
    }
    String length = head.header("content-length");
    if (length == null) {
      return source;
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw new IOException("the answer has a malformed length: \"" + shown(length) + "\"");
    }
    return new SizedBody(Long.parseLong(length));
  }

  /**
   * The whole body.
   *
   * @throws IOException if it is longer than {@code limit} bytes or ends early
   */
  byte[] wholeBody(HttpHead head, int limit) throws IOException {
    byte[] body = body(head).readNBytes(limit + 1);
    if (body.length > limit) {
      throw new IOException("the answer is longer than " + limit + " bytes");
    }
    return body;
  }

  /** A line without its end, CRLF or LF; what it takes is taken from {@code left}. */
  private String line(int[] left) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int next = source.read(); next != '\n'; next = source.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended in the middle of an answer");
      }
      if (--left[0] <= 0) {
        throw new IOException("the answer's head is longer than its limit");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** As much of what a stranger sent as an error message can bear. */
  private static String shown(String text) {
    String printable = text.replaceAll("[^ -~]", "?");
    return printable.length() <= 60 ? printable : printable.substring(0, 60) + "...";
  }

  /** A body with a length. */
  private final class SizedBody extends InputStream {
    private long left;

    SizedBody(long length) {
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int count = source.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the connection ended " + left + " bytes early");
      }
      left -= count;
      return count;
    }
  }

  /** A body in chunks. */
  private final class ChunkedBody extends InputStream {
    /** Bytes left of this chunk; -1 after the last one. */
    private long left;

    private boolean first = true;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        nextChunk();
      }
      if (left < 0) {
        return -1;
      }
      int count = source.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the connection ended in the middle of a chunk");
      }
      left -= count;
      return count;
    }

    private void nextChunk() throws IOException {
      if (!first && !line(new int[] {MAX_CHUNK_LINE}).isEmpty()) {
        throw new IOException("a chunk of the answer is longer than it says");
      }
      first = false;
      String line = line(new int[] {MAX_CHUNK_LINE});
      String size = line.replaceFirst("[ \t]*(;.*)?$", "");
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new IOException("the answer has a malformed chunk: \"" + shown(line) + "\"");
      }
      left = Long.parseLong(size, 16);
      if (left == 0) {
        int[] trailer = {MAX_HEAD_BYTES};
        String field;
        do {
          field = line(trailer);
        } while (!field.isEmpty());
        left = -1;
      }
    }
  }
}
