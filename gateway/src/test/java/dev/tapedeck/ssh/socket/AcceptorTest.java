package dev.tapedeck.ssh.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AcceptorTest {

  /** Greets clients, but for the first ones, at which it throws what a machine throws. */
  private static final class Greeter implements IoHandler {

    private final Deque<Throwable> faults;

    Greeter(List<Throwable> faults) {
      this.faults = new ArrayDeque<>(faults);
    }

    @Override
    public synchronized void sessionCreated(IoSession session) throws Exception {
      switch (faults.poll()) {
        case null ->
            session.writeBuffer(new ByteArrayBuffer("hello".getBytes(StandardCharsets.UTF_8)));
        case Error error -> throw error;
        case Exception e -> throw e;
        case Throwable other -> throw new AssertionError(other);
      }
    }

    @Override
    public void sessionClosed(IoSession session) {}

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
      session.close(true);
    }

    @Override
    public void messageReceived(IoSession session, Readable message) {}
  }

  private static String greeting(InetSocketAddress at) throws IOException {
    try (Socket client = new Socket(at.getAddress(), at.getPort())) {
      client.setSoTimeout(10_000);
      return new String(client.getInputStream().readNBytes(5), StandardCharsets.UTF_8);
    }
  }

  @Test
  void nothingThatIsThrownForOneClientEndsListening() throws Exception {
    Greeter greeter =
        new Greeter(
            List.of(
                new OutOfMemoryError("unable to create native thread"),
                new StackOverflowError(),
                new IOException("Too many open files"),
                new IllegalStateException("closed")));
    Acceptor acceptor = new Acceptor(greeter);
    acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try {
      InetSocketAddress at = (InetSocketAddress) acceptor.getBoundAddresses().iterator().next();
      for (int i = 0; i < 4; i++) {
        assertThat(greeting(at)).as("turned away").isEmpty();
      }
      assertThat(greeting(at)).isEqualTo("hello");
      assertThat(acceptor.getManagedSessions())
          .as("those that were turned away")
          .hasSizeLessThan(2);
    } finally {
      acceptor.close(true);
    }
  }
}
