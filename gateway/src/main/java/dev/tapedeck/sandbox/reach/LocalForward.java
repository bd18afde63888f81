package dev.tapedeck.sandbox.reach;

import dev.tapedeck.sandbox.posix.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A listener inside and its connections. One virtual thread accepts, and two carry each connection;
 * without connections there is no other cost than that listener.
 */
final class LocalForward implements Forward {

  /** After a failure to accept (no descriptors left), so that it is not tried in a hot loop. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** What is in a sandbox can provoke warnings, but not fill the log. */
  private static final Duration WARN_EVERY = Duration.ofMinutes(1);

  private final ServerSocketChannel listener;
  private final int port;
  private final int pid;
  private final UnixDomainSocketAddress service;
  private final Consumer<String> warnings;
  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());
  private final Set<ForwardedConnection> connections = ConcurrentHashMap.newKeySet();

  private LocalForward(
      int pid,
      ServerSocketChannel listener,
      UnixDomainSocketAddress service,
      Consumer<String> warnings)
      throws IOException {
    this.pid = pid;
    this.listener = listener;
    this.port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    this.service = service;
    this.warnings = warnings;
  }

  /**
   * Listens in the network namespace of a process.
   *
   * @param warnings takes a sentence now and then, on any thread
   */
  static LocalForward open(int pid, UnixDomainSocketAddress service, Consumer<String> warnings)
      throws IOException {
    ServerSocketChannel listener = NetworkNamespace.listen(pid, PORT, MAX_CONNECTIONS);
    LocalForward forward = new LocalForward(pid, listener, service, warnings);
    Thread.ofVirtual().name("forward-" + pid).start(forward::acceptAll);
    return forward;
  }

  @Override
  public int port() {
    return port;
  }

  private void acceptAll() {
    while (listener.isOpen()) {
      try {
        accepted(listener.accept());
      } catch (ClosedChannelException _) {
        return; // that is how it ends
      } catch (IOException e) {
        warn("a connection was not accepted: " + e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void accepted(SocketChannel inside) {
    ForwardedConnection connection = new ForwardedConnection(inside);
    if (connections.size() >= MAX_CONNECTIONS) {
      warn(
          "%d connections to the gateway are open, as many as may be: more are reset"
              .formatted(MAX_CONNECTIONS));
      connection.reset();
      return;
    }
    connections.add(connection);
    if (!listener.isOpen()) {
      connection.reset();
    }
    Thread.ofVirtual().name("forwarded").start(() -> carry(connection));
  }

  private void carry(ForwardedConnection connection) {
    try {
      connection.carry(service);
    } catch (IOException e) {
      warn("a connection to the gateway failed: " + e.getMessage());
    } finally {
      connections.remove(connection);
    }
  }

  private void warn(String sentence) {
    long now = System.nanoTime();
    long next = nextWarning.get();
    if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARN_EVERY.toNanos())) {
      warnings.accept("in the sandbox of process " + pid + " " + sentence);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      warnings.accept("a listener in a sandbox was not closed: " + e.getMessage());
    }
    connections.forEach(ForwardedConnection::reset);
  }
}
