package dev.tapedeck.sandbox.reach;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A connection from inside and its continuation outside.
 *
 * <pre>
 *   accepted --service connected--&gt; carried --one side has ended--&gt; half closed --the other too--&gt; closed
 *       '--service not there--&gt; reset      '--------- a reset, an error or reset() ---------'--&gt; both reset
 * </pre>
 *
 * <p>An end and a reset are passed on as what they are: a client that vanishes must end the request
 * that it made. One is seen when its direction is read, that is, when what came before it has been
 * taken.
 */
final class ForwardedConnection {

  /** What is held of each direction, besides what the kernel holds. */
  static final int BUFFER_BYTES = 16 * 1024;

  private static final SocketOption<Integer> LINGER = StandardSocketOptions.SO_LINGER;

  private final SocketChannel inside;
  private volatile @Nullable SocketChannel outside;
  private final AtomicBoolean ended = new AtomicBoolean();

  ForwardedConnection(SocketChannel inside) {
    this.inside = inside;
  }

  /**
   * Carries bytes until both directions have ended; on a virtual thread.
   *
   * @throws IOException if the service does not take the connection
   */
  void carry(UnixDomainSocketAddress service) throws IOException {
    try {
      SocketChannel to = SocketChannel.open(StandardProtocolFamily.UNIX);
      outside = to;
      to.connect(service);
      inside.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread back = Thread.ofVirtual().name("forwarded-back").start(() -> copy(to, inside));
      copy(inside, to);
      back.join();
      end(false);
    } catch (IOException e) {
      boolean known = ended.get();
      reset();
      if (!known) {
        throw e;
      }
    } catch (InterruptedException _) {
      reset();
      Thread.currentThread().interrupt();
    }
  }

  private void copy(SocketChannel from, SocketChannel to) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(BUFFER_BYTES).asByteBuffer();
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException _) {
      reset(); // which of the two sides failed makes no difference to the other
    }
  }

  /** Ends both sides at once, as broken. */
  void reset() {
    end(true);
  }

  private void end(boolean broken) {
    if (ended.compareAndSet(false, true)) {
      close(inside, broken);
    }
    // Also the second time: it may have been made meanwhile.
    SocketChannel to = outside;
    if (to != null) {
      close(to, broken);
    }
  }

  private static void close(SocketChannel channel, boolean broken) {
    try (channel) {
      // A Unix socket has no resets: what is left unread at its end is one.
      if (broken && channel.isOpen() && channel.supportedOptions().contains(LINGER)) {
        channel.setOption(LINGER, 0);
      }
    } catch (IOException _) {
      // It has been reset or closed by the other thread, as was wanted.
    }
  }
}
