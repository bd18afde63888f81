package dev.tapedeck.bench.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An upstream in a process of its own: answers each request with what its {@link Ask} wants, in the
 * shape of Anthropic's Messages. Each event of a stream holds {@code STREAM.NUMBER.NANOS}, the last
 * being {@link System#nanoTime} when it was written: processes of one machine share that clock.
 *
 * <p>Prints its port, and ends with its standard input. A thread for each connection, which costs
 * less than a reactor would at the rates measured here.
 */
final class Upstream {

  private static final int BULK_BYTES = 64 * 1024;
  private static final int BACKLOG = 2048;

  private static final byte[] SMALL =
      ascii(
          """
          {"id":"msg_1","type":"message","role":"assistant","model":"claude-bench","content":\
          [{"type":"text","text":"It is twelve."}],"stop_reason":"end_turn","stop_sequence":null,\
          "usage":{"input_tokens":300,"output_tokens":5}}\
          """);

  private static final byte[] SMALL_HEAD =
      ascii(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
              + SMALL.length
              + "\r\n\r\n");

  private static final byte[] STREAM_HEAD =
      ascii(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/event-stream\r
          Cache-Control: no-cache\r
          Transfer-Encoding: chunked\r
          \r
          """);

  private static final byte[] BEGIN =
      ascii(
          """
          event: message_start
          data: {"type":"message_start","message":{"id":"msg_1","type":"message",\
          "role":"assistant","model":"claude-bench","content":[],"stop_reason":null,\
          "stop_sequence":null,"usage":{"input_tokens":300,"output_tokens":1}}}

          event: content_block_start
          data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

          """);

  private static final byte[] END =
      ascii(
          """
          event: content_block_stop
          data: {"type":"content_block_stop","index":0}

          event: message_delta
          data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
          "usage":{"output_tokens":100}}

          event: message_stop
          data: {"type":"message_stop"}

          """);

  private Upstream() {}

  /** It is a program of its own, which tells its parent where it listens. */
  private static final PrintStream OUT = System.out;

  private static final PrintStream ERR = System.err;

  public static void main(String[] arguments) throws IOException {
    ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (true) {
            try {
              Socket socket = server.accept();
              Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
              ERR.println("accept: " + e.getMessage());
              return;
            }
          }
        });
    OUT.println(server.getLocalPort());
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      String target;
      while ((target = request(in)) != null) {
        answer(Ask.of(target), out);
      }
    } catch (IOException e) {
      ERR.println("connection: " + e.getMessage());
    }
  }

  /** Takes a whole request; its target, or null if no more come. */
  private static @Nullable String request(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    long length = 0;
    boolean chunked = false;
    String field = line(in).toLowerCase(Locale.ROOT);
    while (!field.isEmpty()) {
      if (field.startsWith("content-length:")) {
        length = Long.parseLong(field.substring(field.indexOf(':') + 1).strip());
      }
      chunked |= field.startsWith("transfer-encoding:");
      field = line(in).toLowerCase(Locale.ROOT);
    }
    if (chunked) {
      do {
        length = Long.parseLong(line(in), 16);
        in.skipNBytes(length);
        line(in);
      } while (length > 0);
    } else {
      in.skipNBytes(length);
    }
    return first.split(" ", -1)[1];
  }

  /** A line without its end; an empty one also at the end of the stream. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c;
    while ((c = in.read()) != '\n') {
      if (c < 0) {
        if (line.isEmpty()) {
          return "";
        }
        throw new EOFException("in the middle of a line");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static void answer(Ask ask, OutputStream out) throws IOException {
    if (ask.events() == 0) {
      out.write(join(SMALL_HEAD, SMALL));
      return;
    }
    out.write(join(STREAM_HEAD, chunk(BEGIN)));
    String tail = " " + "x".repeat(ask.pad()) + "\"}}\n\n";
    if (ask.gapMicros() == 0) {
      fast(ask, tail, out);
    } else {
      paced(ask, tail, out);
    }
    out.write(join(chunk(END), ascii("0\r\n\r\n")));
  }

  private static void paced(Ask ask, String tail, OutputStream out) throws IOException {
    long due = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(ask.firstMicros());
    for (int i = 0; i < ask.events(); i++) {
      long left;
      while ((left = due - System.nanoTime()) > 0) {
        LockSupport.parkNanos(left);
      }
      out.write(chunk(event(ask.stream(), i, tail)));
      due += TimeUnit.MICROSECONDS.toNanos(ask.gapMicros());
    }
  }

  private static void fast(Ask ask, String tail, OutputStream out) throws IOException {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    for (int i = 0; batch.size() < BULK_BYTES; i++) {
      batch.writeBytes(event(ask.stream(), i, tail));
    }
    byte[] chunk = chunk(batch.toByteArray());
    int each = batch.size() / event(ask.stream(), 0, tail).length;
    for (int i = 0; i < ask.events(); i += each) {
      out.write(chunk);
    }
  }

  private static byte[] event(int stream, int number, String tail) {
    return ascii(
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"text_delta\",\"text\":\""
            + stream
            + "."
            + number
            + "."
            + System.nanoTime()
            + tail);
  }

  private static byte[] chunk(byte[] data) {
    return join(ascii(Integer.toHexString(data.length) + "\r\n"), join(data, new byte[] {13, 10}));
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
