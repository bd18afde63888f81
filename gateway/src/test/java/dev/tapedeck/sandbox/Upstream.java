package dev.tapedeck.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A little server on a Unix socket, in place of the API gateway and of a sandbox's entrance there;
 * one thread a connection.
 */
public final class Upstream implements Service, AutoCloseable {

  private final UnixDomainSocketAddress socket;
  private final ServerSocketChannel server;
  private final Conversation conversation;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Ending> endings = new LinkedBlockingQueue<>();

  /** A client's. */
  record Connection(SocketChannel channel, InputStream in, OutputStream out) {
    Connection(SocketChannel channel) {
      this(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }
  }

  /** What it does with a connection. */
  interface Conversation {
    void hold(Connection connection) throws IOException;
  }

  /** How a conversation ended: null, or the failure; and when. */
  record Ending(IOException failure, long nanoTime) {}

  Upstream(Conversation conversation) throws IOException {
    this.conversation = conversation;
    Path folder = Files.createTempDirectory("upstream");
    this.socket = UnixDomainSocketAddress.of(folder.resolve("socket"));
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(socket, 256);
    // The gateway of a test may be another user's.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(socket.getPath(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Thread.ofPlatform().daemon().start(this::acceptAll);
  }

  /** Answers one HTTP request a connection with its own first line. */
  public static Upstream http() throws IOException {
    return new Upstream(connection -> {
      String request = head(connection.in());
      String first = request.lines().findFirst().orElse("");
      String answer =
          "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(first.length(), first);
      connection.out().write(answer.getBytes(US_ASCII));
    });
  }

  /** Reads up to the empty line behind a request's head. */
  static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the request ends after " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }

  /** Where a sandbox's connections arrive. */
  public UnixDomainSocketAddress socket() {
    return socket;
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
  }

  @Override
  public Entrance entrance(String sandbox) {
    return new Entrance() {
      @Override
      public UnixDomainSocketAddress address() {
        return socket;
      }

      @Override
      public void close() {}
    };
  }

  public int connections() {
    return connections.size();
  }

  /** Waits for the next conversation to end. */
  Ending ending() throws InterruptedException {
    Ending ending = endings.poll(Running.PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (ending == null) {
      throw new AssertionError("no conversation has ended");
    }
    return ending;
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        Connection connection = new Connection(server.accept());
        connections.add(connection);
        Thread.ofPlatform().daemon().start(() -> hold(connection));
      } catch (IOException e) {
        if (server.isOpen()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void hold(Connection connection) {
    IOException failure = null;
    try (SocketChannel _ = connection.channel()) {
      conversation.hold(connection);
    } catch (IOException e) {
      failure = e;
    }
    endings.add(new Ending(failure, System.nanoTime()));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Connection connection : connections) {
      connection.channel().close();
    }
    Files.deleteIfExists(socket.getPath());
    Files.deleteIfExists(socket.getPath().getParent());
  }
}
