package dev.tapedeck.bench.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of an API client, kept for the next request: HTTP/1.1 and no more. */
final class Client implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 * 1024;

  /** Something that a provider would take for a question. */
  private static final String BODY =
      "{\"model\":\"claude-bench\",\"max_tokens\":1024,\"stream\":true,\"messages\":[{\"role\":"
          + "\"user\",\"content\":\"%s\"}]}";

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;

  /** When the bytes came that are in the buffer, by {@link System#nanoTime}. */
  private long readAt;

  /** Takes the body's bytes as they come. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes bytes.
     *
     * @param at when they came, by {@link System#nanoTime}
     */
    void take(byte[] array, int from, int to, long at) throws IOException;
  }

  Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** A request of about so many bytes of JSON. */
  static byte[] request(Ask ask, int bodyBytes) {
    String body = BODY.formatted("w".repeat(Math.max(0, bodyBytes - BODY.length())));
    return ("POST "
            + ask.target()
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "User-Agent: tapedeck-bench\r\nanthropic-version: 2023-06-01\r\n"
            + "x-api-key: sk-ant-bench-0123456789abcdef0123456789abcdef\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sends a request and takes the whole answer.
   *
   * @return how many bytes its body had
   * @throws IOException also if the answer is not 200
   */
  long ask(byte[] request, Sink sink) throws IOException {
    socket.getOutputStream().write(request);
    String status = line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered: " + status);
    }
    long length = -1;
    String field = line().toLowerCase(Locale.ROOT);
    while (!field.isEmpty()) {
      if (field.startsWith("content-length:")) {
        length = Long.parseLong(field.substring(field.indexOf(':') + 1).strip());
      }
      field = line().toLowerCase(Locale.ROOT);
    }
    if (length >= 0) {
      take(length, sink);
      return length;
    }
    long sum = 0;
    long chunk;
    do {
      chunk = Long.parseLong(line(), 16);
      take(chunk, sink);
      sum += chunk;
      line();
    } while (chunk > 0);
    return sum;
  }

  private void take(long length, Sink sink) throws IOException {
    long left = length;
    while (left > 0) {
      if (from == to) {
        fill();
      }
      int now = (int) Math.min(left, to - from);
      sink.take(buffer, from, from + now, readAt);
      from += now;
      left -= now;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (from == to) {
        fill();
      }
      char c = (char) buffer[from++];
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append(c);
      }
    }
  }

  private void fill() throws IOException {
    int read = in.read(buffer);
    if (read < 0) {
      throw new EOFException("the answer was cut off");
    }
    readAt = System.nanoTime();
    from = 0;
    to = read;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
