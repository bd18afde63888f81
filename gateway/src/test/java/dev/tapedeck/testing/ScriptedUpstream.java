package dev.tapedeck.testing;

import dev.tapedeck.testing.Authority.Identity;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Stands in for a model API: speaks wire text on a real socket, as a script tells it, one thread
 * for each connection.
 */
public final class ScriptedUpstream implements AutoCloseable {

  private final ServerSocket server;
  private final Thread accepting;
  private final Talk talk;
  private final List<String> names = new CopyOnWriteArrayList<>();
  private final List<Http.Message> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  /** What to do with one request. */
  @FunctionalInterface
  public interface Script {
    void answer(Http.Message request, Line line) throws Exception;
  }

  /** What to do with one connection, from its first byte. */
  @FunctionalInterface
  public interface Talk {
    void hold(int connection, Line line) throws Exception;
  }

  /** The connection to the gateway. */
  public static final class Line implements Closeable {

    private final Socket socket;
    private final InputStream in;

    Line(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      socket.setTcpNoDelay(true);
    }

    /** Sends text as it is, with CR LF for each line's end. */
    public Line send(String text) throws IOException {
      return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    public Line send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    }

    /** Sends one chunk of a chunked body. */
    public Line chunk(byte[] bytes) throws IOException {
      send((Integer.toHexString(bytes.length) + "\n"));
      send(bytes);
      return send("\n");
    }

    public Line chunk(String text) throws IOException {
      return chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends a chunked body. */
    public Line end() throws IOException {
      return send("0\n\n");
    }

    public InputStream in() {
      return in;
    }

    /** Tears the connection down. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    boolean isClosed() {
      return socket.isClosed();
    }
  }

  private ScriptedUpstream(Script script, ServerSocketFactory sockets) throws IOException {
    this.talk = (_, line) -> answer(script, line);
    this.server = sockets.createServerSocket(0, 128, InetAddress.getLoopbackAddress());
    this.accepting = Thread.ofVirtual().name("upstream").start(this::accept);
  }

  private ScriptedUpstream(Talk talk, InetAddress address) throws IOException {
    this.talk = talk;
    this.server = new ServerSocket(0, 128, address);
    this.accepting = Thread.ofVirtual().name("upstream").start(this::accept);
  }

  public static ScriptedUpstream start(Script script) throws IOException {
    return new ScriptedUpstream(script, ServerSocketFactory.getDefault());
  }

  /** One whose script has the connection itself; connections are counted from 1. */
  public static ScriptedUpstream talking(Talk talk) throws IOException {
    return talking(talk, InetAddress.getLoopbackAddress());
  }

  public static ScriptedUpstream talking(Talk talk, InetAddress address) throws IOException {
    return new ScriptedUpstream(talk, address);
  }

  /**
   * One behind TLS.
   *
   * @param alpn what it offers; nothing at all: it does not know ALPN
   */
  public static ScriptedUpstream start(Script script, Identity identity, String... alpn)
      throws IOException {
    ScriptedUpstream upstream =
        new ScriptedUpstream(script, identity.context().getServerSocketFactory());
    SSLServerSocket server = (SSLServerSocket) upstream.server;
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    server.setSSLParameters(parameters);
    return upstream;
  }

  public int port() {
    return server.getLocalPort();
  }

  public URI url() {
    return server.getInetAddress() instanceof Inet6Address
        ? URI.create("http://[::1]:" + port())
        : URI.create("http://127.0.0.1:" + port());
  }

  /** Its address behind TLS. */
  public URI url(String host) {
    return URI.create("https://" + host + ":" + port());
  }

  /** What each connection's handshake asked for by name (SNI); "" where it named nothing. */
  public List<String> names() {
    return names;
  }

  /** What was asked for so far. */
  public List<Http.Message> requests() {
    return requests;
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(number, socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(int number, Socket socket) {
    try (socket) {
      if (socket instanceof SSLSocket tls) {
        tls.startHandshake();
        ExtendedSSLSession session = (ExtendedSSLSession) tls.getSession();
        names.add(
            session.getRequestedServerNames().stream()
                .map(name -> new String(name.getEncoded(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",")));
      }
      talk.hold(number, new Line(socket));
    } catch (IOException gone) {
      // The gateway hangs up whenever its client does: the tests look at what it recorded.
      open.remove(socket);
    } catch (Exception e) {
      throw new IllegalStateException("the script failed", e);
    }
  }

  private void answer(Script script, Line line) throws Exception {
    Http.Message request;
    while (!line.isClosed() && (request = Http.request(line.in())) != null) {
      requests.add(request);
      script.answer(request, line);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      // Until then the system goes on taking connections.
      accepting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : open) {
      socket.close();
    }
  }
}
