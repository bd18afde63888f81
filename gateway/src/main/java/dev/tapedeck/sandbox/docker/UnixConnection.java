package dev.tapedeck.sandbox.docker;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * One connection over a Unix socket, both ways at once, each of which can end by itself.
 *
 * <p>One thread reads and one writes at a time. A read that waits ends when another thread closes
 * the connection.
 */
final class UnixConnection implements Closeable {

  private static final int BUFFER_BYTES = 32 * 1024;

  private final SocketChannel channel;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  private UnixConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static UnixConnection open(Path socket) throws IOException {
    return new UnixConnection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /**
   * What the peer sends; buffered, so that single bytes are cheap and large reads are not copied.
   */
  InputStream input() {
    return input;
  }

  /** To the peer, at once. Closing it tells the peer that nothing more comes; reading goes on. */
  OutputStream output() {
    return output;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Input extends InputStream {
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    @Override
    public int read() throws IOException {
      return buffer.hasRemaining() || fill() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!buffer.hasRemaining()) {
        if (length >= BUFFER_BYTES) {
          return receive(ByteBuffer.wrap(target, offset, length));
        }
        if (!fill()) {
          return -1;
        }
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(target, offset, count);
      return count;
    }

    private boolean fill() throws IOException {
      buffer.clear();
      try {
        return receive(buffer) > 0;
      } finally {
        buffer.flip();
      }
    }

    private int receive(ByteBuffer into) throws IOException {
      try {
        return channel.read(into);
      } catch (ClosedChannelException _) {
        // Closed by us, which is an end like any other.
        return -1;
      } catch (SocketException e) {
        // The peer went without reading all that we sent; all that it sent has been read (unix(7)).
        if ("Connection reset".equals(e.getMessage())) {
          return -1;
        }
        throw e;
      }
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        channel.shutdownOutput();
      } catch (ClosedChannelException _) {
        // Closed already, which ends the output too.
      }
    }
  }
}
