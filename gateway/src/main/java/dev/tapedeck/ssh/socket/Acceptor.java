package dev.tapedeck.ssh.socket;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, with one thread for each address, and begins a {@link SocketSession} for each client.
 */
final class Acceptor extends AbstractCloseable implements IoAcceptor {

  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  /** How many clients the kernel lets wait until they are accepted. */
  private static final int BACKLOG = 128;

  /** How long no client is accepted when none could be, as when all descriptors are in use. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final IoHandler handler;
  private final Map<SocketAddress, ServerSocketChannel> listening = new ConcurrentHashMap<>();
  private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();
  private @Nullable IoServiceEventListener listener;

  Acceptor(IoHandler handler) {
    this.handler = handler;
  }

  IoHandler handler() {
    return handler;
  }

  @Override
  public void bind(Collection<? extends SocketAddress> addresses) throws IOException {
    for (SocketAddress address : addresses) {
      bind(address);
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.bind(address, BACKLOG);
      SocketAddress local = server.getLocalAddress();
      listening.put(local, server);
      Thread.ofPlatform().daemon().name("accept-" + local).start(() -> accept(server, local));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Nothing that one client causes ends this thread, also no {@link OutOfMemoryError}: that is what
   * a machine without another thread or buffer throws, and it may have one again soon.
   */
  @SuppressWarnings("CatchingUnchecked")
  private void accept(ServerSocketChannel server, SocketAddress local) {
    while (server.isOpen()) {
      try {
        begin(server.accept(), local);
      } catch (ClosedChannelException e) {
        return;
      } catch (Throwable e) {
        LOG.warn("Could not accept a client: {}", e.toString());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** One client's trouble is no reason to stop listening. */
  private void begin(SocketChannel channel, SocketAddress local) {
    try {
      new SocketSession(this, channel, local).start();
    } catch (Throwable e) {
      LOG.warn("A client was turned away: {}", e.toString());
      try {
        channel.close();
      } catch (IOException closing) {
        LOG.debug("Its connection was closed badly: {}", closing.toString());
      }
    }
  }

  void add(SocketSession session) {
    sessions.put(session.getId(), session);
  }

  void remove(SocketSession session) {
    sessions.remove(session.getId());
  }

  @Override
  public void unbind(Collection<? extends SocketAddress> addresses) {
    addresses.forEach(this::unbind);
  }

  @Override
  public void unbind(SocketAddress address) {
    ServerSocketChannel server = listening.remove(address);
    if (server != null) {
      try {
        server.close();
      } catch (IOException e) {
        LOG.warn("Could not stop listening on {}: {}", address, e.getMessage());
      }
    }
  }

  @Override
  public void unbind() {
    unbind(List.copyOf(listening.keySet()));
  }

  @Override
  public Set<SocketAddress> getBoundAddresses() {
    return Set.copyOf(listening.keySet());
  }

  @Override
  public Map<Long, IoSession> getManagedSessions() {
    return Collections.unmodifiableMap(sessions);
  }

  @Override
  public @Nullable IoServiceEventListener getIoServiceEventListener() {
    return listener;
  }

  @Override
  public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
    this.listener = listener;
  }

  @Override
  protected void preClose() {
    unbind();
    super.preClose();
  }

  @Override
  protected CloseFuture doCloseGracefully() {
    return builder().parallel(toString(), List.copyOf(sessions.values())).build().close(false);
  }

  @Override
  protected void doCloseImmediately() {
    sessions.values().forEach(session -> session.close(true));
    super.doCloseImmediately();
  }
}
