package dev.tapedeck.ssh.socket;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket.
 *
 * <pre>
 *   its thread:   wait --readable--> read, decrypt, handle --> wait
 *                   \----writable--> send what waits in line --/
 *   any thread:   write: nobody in line? send at once. The rest gets in line.
 * </pre>
 *
 * <p>A write never waits for a client that takes nothing, since the library holds locks around it
 * that those need who would end the connection: what is not taken stays in line. Whoever writes a
 * lot calls {@link #awaitRoom} in between, which does wait, with no lock held.
 */
public final class SocketSession extends AbstractCloseable implements IoSession {

  private static final Logger LOG = LoggerFactory.getLogger(SocketSession.class);

  /** As much as is read at once: a packet of the largest kind that is usual. */
  private static final int READ_BYTES = 64 * 1024;

  /** Who writes a lot waits while more than this is in line. */
  private static final int ROOM_BYTES = 256 * 1024;

  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final Acceptor acceptor;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final SocketAddress acceptance;
  private final SocketAddress remote;
  private final SocketAddress local;
  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

  /** Also the lock of everything that is sent, so that packets keep their order. */
  private final Queue<PendingWrite> line = new ArrayDeque<>();

  /** How much is in line. */
  private long waiting;

  /** Nothing gets in line any more. */
  private boolean ended;

  private volatile boolean readSuspended;

  SocketSession(Acceptor acceptor, SocketChannel channel, SocketAddress acceptance)
      throws IOException {
    this.acceptor = acceptor;
    this.channel = channel;
    this.acceptance = acceptance;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    remote = channel.getRemoteAddress();
    local = channel.getLocalAddress();
    channel.configureBlocking(false);
    selector = Selector.open();
    try {
      key = channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      selector.close();
      throw e;
    }
  }

  /**
   * Greets the client, then reads on a thread of its own.
   *
   * @throws Exception if the library does not want it; it is closed then
   */
  void start() throws Exception {
    acceptor.add(this);
    try {
      acceptor.handler().sessionCreated(this);
      // No thread may be left: then the client is turned away, like one that the library refuses.
      Thread.ofPlatform().daemon().name("client-" + id).start(this::run);
    } catch (Throwable e) {
      close(true);
      closeSelector();
      throw e;
    }
  }

  private void run() {
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      while (channel.isOpen()) {
        selector.select(selected -> ready(selected, buffer));
      }
    } catch (IOException | ClosedSelectorException e) {
      caught(e);
    } finally {
      close(true);
      closeSelector();
    }
  }

  private void ready(SelectionKey selected, ByteBuffer buffer) {
    try {
      if (selected.isWritable()) {
        sendLine();
      }
      if (selected.isReadable()) {
        while (!readSuspended && read(buffer)) {
          // A buffer that was not filled has emptied the socket.
        }
      }
    } catch (Exception e) {
      // The library ends the connection, perhaps with a last word that still has to be sent.
      suspendRead();
      caught(e);
    }
  }

  /** Reads once and handles it; whether there may be more. */
  private boolean read(ByteBuffer buffer) throws Exception {
    buffer.clear();
    int count = channel.read(buffer);
    if (count < 0) {
      close(true);
      return false;
    }
    boolean filled = !buffer.hasRemaining();
    if (count > 0) {
      buffer.flip();
      acceptor.handler().messageReceived(this, Readable.readable(buffer));
    }
    return filled && channel.isOpen();
  }

  private void closeSelector() {
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("{}: the selector was closed badly: {}", this, e.toString());
    }
  }

  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) throws IOException {
    PendingWrite next =
        new PendingWrite(id, ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available()));
    IOException failure = null;
    boolean whole = false;
    synchronized (line) {
      try {
        if (ended) {
          throw new ClosedChannelException();
        }
        if (line.isEmpty()) {
          channel.write(next.bytes());
          whole = !next.bytes().hasRemaining();
        }
      } catch (IOException e) {
        failure = e;
      }
      if (failure == null && !whole) {
        line.add(next);
        waiting += next.bytes().remaining();
        await(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }
    if (failure != null) {
      next.failed(failure);
      caught(failure);
    } else if (whole) {
      next.written();
    }
    return next;
  }

  /**
   * Waits until the client has taken most of what was written, or the connection is closed. Not for
   * the connection's own thread, nor while holding a lock.
   *
   * @throws IOException if the thread is interrupted
   */
  public void awaitRoom() throws IOException {
    synchronized (line) {
      while (waiting > ROOM_BYTES) {
        try {
          line.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for the client", e);
        }
      }
    }
  }

  /** On the connection's thread: the client takes bytes again. */
  private void sendLine() {
    List<PendingWrite> sent = new ArrayList<>();
    IOException failure = null;
    synchronized (line) {
      try {
        PendingWrite first;
        while ((first = line.peek()) != null) {
          waiting -= channel.write(first.bytes());
          if (first.bytes().hasRemaining()) {
            break;
          }
          sent.add(line.remove());
        }
        if (line.isEmpty()) {
          await(SelectionKey.OP_READ);
        }
        if (waiting <= ROOM_BYTES) {
          line.notifyAll();
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    // Outside of the lock, since who is told may write again.
    sent.forEach(PendingWrite::written);
    if (failure != null) {
      caught(failure);
    }
  }

  private void await(int operations) {
    int wanted = readSuspended ? operations & ~SelectionKey.OP_READ : operations;
    try {
      if (key.interestOps() != wanted) {
        key.interestOps(wanted);
        selector.wakeup();
      }
    } catch (CancelledKeyException e) {
      LOG.trace("{}: closed meanwhile: {}", this, e.toString());
    }
  }

  private void caught(Throwable e) {
    if (isClosing() || !channel.isOpen()) {
      close(true);
      return;
    }
    try {
      acceptor.handler().exceptionCaught(this, e);
    } catch (Exception failed) {
      LOG.debug("{}: ended, since its handler failed: {}", this, failed.toString());
      close(true);
    }
  }

  @Override
  protected CloseFuture doCloseGracefully() {
    List<PendingWrite> waiting;
    synchronized (line) {
      waiting = List.copyOf(line);
    }
    return builder().when(toString(), waiting).build().close(false);
  }

  @Override
  protected void doCloseImmediately() {
    List<PendingWrite> lost;
    synchronized (line) {
      ended = true;
      lost = List.copyOf(line);
      line.clear();
      waiting = 0;
      line.notifyAll();
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("{}: closed badly: {}", this, e.toString());
    }
    selector.wakeup();
    lost.forEach(bytes -> bytes.failed(new ClosedChannelException()));
    acceptor.remove(this);
    super.doCloseImmediately();
    try {
      acceptor.handler().sessionClosed(this);
    } catch (Exception e) {
      LOG.warn("{}: its end was handled badly: {}", this, e.toString());
    }
  }

  @Override
  public void shutdownOutputStream() throws IOException {
    if (channel.isOpen()) {
      channel.shutdownOutput();
    }
  }

  @Override
  public void suspendRead() {
    synchronized (line) {
      readSuspended = true;
      await(line.isEmpty() ? 0 : SelectionKey.OP_WRITE);
    }
  }

  @Override
  public void resumeRead() {
    synchronized (line) {
      readSuspended = false;
      await(SelectionKey.OP_READ | (line.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }
  }

  @Override
  public long getId() {
    return id;
  }

  @Override
  public IoService getService() {
    return acceptor;
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return remote;
  }

  @Override
  public SocketAddress getLocalAddress() {
    return local;
  }

  @Override
  public SocketAddress getAcceptanceAddress() {
    return acceptance;
  }

  @Override
  public @Nullable Object getAttribute(Object name) {
    return attributes.get(name);
  }

  @Override
  public @Nullable Object setAttribute(Object name, Object value) {
    return attributes.put(name, value);
  }

  @Override
  public @Nullable Object setAttributeIfAbsent(Object name, Object value) {
    return attributes.putIfAbsent(name, value);
  }

  @Override
  public @Nullable Object removeAttribute(Object name) {
    return attributes.remove(name);
  }

  @Override
  public String toString() {
    return "SocketSession[" + id + ", " + remote + "]";
  }
}
