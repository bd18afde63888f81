package dev.tapedeck.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 as text on a wire, for both ends of a test. */
public final class Http {

  private Http() {}

  /**
   * A message as it came.
   *
   * @param head the first line and the fields, without the blank line
   * @param body without chunks' frames
   * @param trailers the fields behind the body
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Message(List<String> head, byte[] body, List<String> trailers) {

    public Message(List<String> head, byte[] body) {
      this(head, body, List.of());
    }

    public String line() {
      return head.getFirst();
    }

    public List<String> fields() {
      return head.subList(1, head.size());
    }

    /** The first field of that name, or null. */
    public @Nullable String field(String name) {
      String wanted = name.toLowerCase(Locale.ROOT) + ":";
      return fields().stream()
          .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(wanted))
          .map(field -> field.substring(wanted.length()).strip())
          .findFirst()
          .orElse(null);
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Reads a head; null if the connection ends before one begins. */
  public static @Nullable List<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        if (head.size() == 0) {
          return null;
        }
        throw new EOFException("in a head: " + head);
      }
      head.write(next);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return List.of(text.substring(0, text.length() - 4).split("\r\n", -1));
      }
    }
  }

  /** Reads a message; null if the connection ends before one begins. */
  public static @Nullable Message request(InputStream in) throws IOException {
    List<String> head = head(in);
    return head == null ? null : message(head, in, false);
  }

  /** Reads an answer to anything but HEAD. */
  public static Message response(InputStream in) throws IOException {
    List<String> head = head(in);
    if (head == null) {
      throw new EOFException("no answer");
    }
    return message(head, in, true);
  }

  private static Message message(List<String> head, InputStream in, boolean toTheEnd)
      throws IOException {
    List<String> trailers = new ArrayList<>();
    byte[] body = body(new Message(head, new byte[0]), in, toTheEnd, trailers);
    return new Message(head, body, trailers);
  }

  private static byte[] body(
      Message message, InputStream in, boolean toTheEnd, List<String> trailers) throws IOException {
    if ("chunked".equalsIgnoreCase(message.field("transfer-encoding"))) {
      return chunks(in, trailers);
    }
    String length = message.field("content-length");
    if (length != null) {
      return in.readNBytes(Integer.parseInt(length));
    }
    return toTheEnd && !message.line().contains(" 204") && !message.line().contains(" 304")
        ? in.readAllBytes()
        : new byte[0];
  }

  /** Reads a chunked body. */
  public static byte[] chunks(InputStream in) throws IOException {
    return chunks(in, new ArrayList<>());
  }

  private static byte[] chunks(InputStream in, List<String> trailers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(in), 16);
      body.writeBytes(in.readNBytes(length));
      if (length == 0) {
        String trailer = line(in);
        while (!trailer.isEmpty()) {
          trailers.add(trailer);
          trailer = line(in);
        }
        return body.toByteArray();
      }
      line(in);
    }
  }

  /** Reads a line that ends with CR LF. */
  public static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("in a line: " + line);
      }
      if (next == '\n') {
        return line.toString();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
  }
}
