package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.Bytes;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Just as much of an HTTP/1.1 client (RFC 9112) as the Engine API takes: one request for each
 * connection, over a Unix socket. Safe for use by many threads.
 *
 * <p>A connection costs a fraction of what any request does in the engine, and one that is never
 * used twice can never be found stale.
 */
final class DockerHttp {

  /** Bytes of a reply's body; the longest that we ask for, a list of containers, takes some KiB. */
  static final int MAX_REPLY_BYTES = 8 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(DockerHttp.class);

  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final EngineSocket socket;
  private final Duration timeout;

  /**
   * A client that opens a connection when it is asked to.
   *
   * @param timeout how long a whole reply, or a stream's head, may take
   */
  DockerHttp(EngineSocket socket, Duration timeout) {
    this.socket = socket;
    this.timeout = timeout;
  }

  Path socket() {
    return socket.path();
  }

  /** A whole reply. */
  record Reply(HttpHead head, Bytes body) {}

  /** A reply whose body, or a connection whose other side, is a stream. */
  record Stream(HttpHead head, InputStream body, UnixConnection connection) implements Closeable {
    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  /**
   * Asks and reads the whole answer.
   *
   * @param target path and query
   * @param json the body, or null for none
   * @throws IOException in half a sentence what went wrong on the way; a refusal is a reply
   */
  Reply ask(String method, String target, byte @Nullable [] json) throws IOException {
    Body body = json == null ? Body.NONE : Body.json(json);
    return exchange(method, target, body, "", DockerHttp::whole);
  }

  /** As {@link #ask}, with a tar file as the body. */
  Reply upload(String target, Path tar) throws IOException {
    try (InputStream content = Files.newInputStream(tar)) {
      Body body = new Body("application/x-tar", Files.size(tar), content);
      return exchange("POST", target, body, "", DockerHttp::whole);
    }
  }

  /** Asks for an answer that goes on and on; the caller closes it. */
  Stream stream(String target) throws IOException {
    return exchange("GET", target, Body.NONE, "", DockerHttp::open);
  }

  /**
   * Asks for the connection itself: after the head it carries the program's bytes both ways. Where
   * the engine refuses, the body is its message.
   */
  Stream hijack(String target, byte[] json) throws IOException {
    String upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    return exchange("POST", target, Body.json(json), upgrade, DockerHttp::open);
  }

  private record Body(@Nullable String type, long length, InputStream content) {
    static final Body NONE = new Body(null, 0, InputStream.nullInputStream());

    static Body json(byte[] json) {
      return new Body("application/json", json.length, new ByteArrayInputStream(json));
    }
  }

  /** What becomes of a reply once its head has been read. */
  private interface Reading<T> {
    T read(UnixConnection connection, HttpReader reader, HttpHead head) throws IOException;
  }

  private static Reply whole(UnixConnection connection, HttpReader reader, HttpHead head)
      throws IOException {
    try (connection) {
      return new Reply(head, Bytes.of(reader.wholeBody(head, MAX_REPLY_BYTES)));
    }
  }

  private static Stream open(UnixConnection connection, HttpReader reader, HttpHead head)
      throws IOException {
    if (head.status() == 101) {
      return new Stream(head, connection.input(), connection);
    }
    if (!head.ok()) {
      byte[] refusal = whole(connection, reader, head).body().array();
      return new Stream(head, new ByteArrayInputStream(refusal), connection);
    }
    return new Stream(head, reader.body(head), connection);
  }

  private <T> T exchange(
      String method, String target, Body body, String headers, Reading<T> reading)
      throws IOException {
    UnixConnection connection = connect();
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> alarm =
        WATCH.schedule(
            () -> {
              late.set(true);
              closeQuietly(connection);
            },
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    boolean done = false;
    try {
      send(connection, method, target, body, headers);
      HttpReader reader = new HttpReader(connection.input());
      T result = reading.read(connection, reader, reader.head());
      done = true;
      return result;
    } catch (IOException e) {
      if (late.get()) {
        throw new IOException(
            socket.path() + " did not answer within " + timeout.toMillis() + " ms", e);
      }
      throw e;
    } finally {
      alarm.cancel(false);
      if (!done) {
        closeQuietly(connection);
      }
    }
  }

  private static void send(
      UnixConnection connection, String method, String target, Body body, String headers)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: docker\r\n");
    head.append("User-Agent: tapedeck\r\n").append(headers);
    if (headers.isEmpty()) {
      head.append("Connection: close\r\n");
    }
    if (body.type() != null) {
      head.append("Content-Type: ").append(body.type()).append("\r\n");
    }
    if (!method.equals("GET")) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    connection.output().write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    body.content().transferTo(connection.output());
  }

  private UnixConnection connect() throws IOException {
    if (socket.lack() != null) {
      throw new FileNotFoundException(socket.lack());
    }
    if (!Files.exists(socket.path())) {
      throw new FileNotFoundException(socket.absent());
    }
    try {
      return UnixConnection.open(socket.path());
    } catch (ConnectException e) {
      throw new IOException(socket.silent(), e);
    } catch (SocketException e) {
      if (!Files.isWritable(socket.path())) {
        throw new IOException(socket.refused(), e);
      }
      throw new IOException(socket.path() + " cannot be opened (" + e.getMessage() + ")", e);
    }
  }

  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOG.debug("a connection to the engine could not be closed", e);
    }
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("docker-watch").factory());
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }
}
