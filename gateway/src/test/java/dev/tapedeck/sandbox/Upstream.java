package dev.tapedeck.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A little server on the host's loopback, in place of the API gateway; one thread a connection. */
public final class Upstream implements AutoCloseable {

  private final ServerSocket server;
  private final Conversation conversation;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Ending> endings = new LinkedBlockingQueue<>();

  /** What it does with a connection. */
  interface Conversation {
    void hold(Socket socket) throws IOException;
  }

  /** How a conversation ended: null, or the failure; and when. */
  record Ending(IOException failure, long nanoTime) {}

  Upstream(Conversation conversation) throws IOException {
    this.conversation = conversation;
    this.server = new ServerSocket(0, 256, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofPlatform().daemon().start(this::acceptAll);
  }

  /** Answers one HTTP request a connection with its own first line. */
  public static Upstream http() throws IOException {
    return new Upstream(socket -> {
      String request = head(socket.getInputStream());
      String first = request.lines().findFirst().orElse("");
      String answer =
          "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(first.length(), first);
      socket.getOutputStream().write(answer.getBytes(US_ASCII));
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

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  public int connections() {
    return sockets.size();
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
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofPlatform().daemon().start(() -> hold(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void hold(Socket socket) {
    IOException failure = null;
    try (socket) {
      socket.setTcpNoDelay(true);
      conversation.hold(socket);
    } catch (IOException e) {
      failure = e;
    }
    endings.add(new Ending(failure, System.nanoTime()));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
