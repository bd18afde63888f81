package dev.tapedeck.ssh.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets, of clients that behave as clients do. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SocketSessionTest {

  /** More than both ends' kernels take. */
  private static final int MUCH = 32 << 20;

  private static final int PIECE = 32 * 1024;

  private final Recorder recorder = new Recorder();
  private final Acceptor acceptor = new Acceptor(recorder);
  private InetSocketAddress address;

  /** Keeps what comes, and what is said of a connection. */
  private static final class Recorder implements IoHandler {
    final BlockingQueue<SocketSession> created = new LinkedBlockingQueue<>();
    final List<byte[]> received = new CopyOnWriteArrayList<>();
    final List<String> threads = new CopyOnWriteArrayList<>();
    final List<Throwable> faults = new CopyOnWriteArrayList<>();
    final BlockingQueue<IoSession> closed = new LinkedBlockingQueue<>();
    volatile boolean throwing;

    @Override
    public void sessionCreated(IoSession session) {
      created.add((SocketSession) session);
    }

    @Override
    public void sessionClosed(IoSession session) {
      closed.add(session);
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) throws IOException {
      faults.add(cause);
      if (throwing) {
        // As the library does: a last word, and the end when it has been sent.
        session.writeBuffer(buffer("goodbye".getBytes(UTF_8)));
        session.close(false);
      } else {
        session.close(true);
      }
    }

    @Override
    public void messageReceived(IoSession session, Readable message) {
      byte[] bytes = new byte[message.available()];
      message.getRawBytes(bytes, 0, bytes.length);
      received.add(bytes);
      threads.add(Thread.currentThread().getName());
      if (throwing) {
        throw new IllegalStateException("not a packet");
      }
    }

    int receivedBytes() {
      return received.stream().mapToInt(bytes -> bytes.length).sum();
    }
  }

  @BeforeEach
  void listen() throws IOException {
    acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    address = (InetSocketAddress) acceptor.getBoundAddresses().iterator().next();
  }

  @AfterEach
  void close() {
    acceptor.close(true);
  }

  private Socket client() throws IOException {
    Socket client = new Socket(address.getAddress(), address.getPort());
    client.setSoTimeout(20_000);
    return client;
  }

  private SocketSession session() throws InterruptedException {
    return recorder.created.take();
  }

  private static ByteArrayBuffer buffer(byte[] bytes) {
    return new ByteArrayBuffer(bytes);
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static List<IoWriteFuture> write(SocketSession session, byte[] bytes) throws IOException {
    List<IoWriteFuture> futures = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += PIECE) {
      futures.add(
          session.writeBuffer(
              buffer(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE)))));
    }
    return futures;
  }

  @Test
  void whatComesIsHandledInOrderOnTheConnectionsOwnThread() throws Exception {
    byte[] sent = noise(1 << 20);
    try (Socket client = client()) {
      client.getOutputStream().write(sent);
      await().until(() -> recorder.receivedBytes() == sent.length);
      byte[] got = new byte[sent.length];
      int at = 0;
      for (byte[] bytes : recorder.received) {
        System.arraycopy(bytes, 0, got, at, bytes.length);
        at += bytes.length;
      }
      assertThat(got).isEqualTo(sent);
      assertThat(recorder.threads).containsOnly("client-" + session().getId());
    }
  }

  @Test
  void muchIsTakenWithoutWaitingAndComesOutWholeAndInOrder() throws Exception {
    byte[] much = noise(MUCH);
    try (Socket client = client()) {
      SocketSession session = session();
      // Nothing is read yet, and still no write waits.
      List<IoWriteFuture> futures = write(session, much);
      assertThat(futures.getFirst().isWritten()).isTrue();
      assertThat(futures.getLast().isDone()).isFalse();
      byte[] got = client.getInputStream().readNBytes(much.length);
      assertThat(Arrays.equals(got, much)).isTrue();
      await().until(() -> futures.stream().allMatch(IoWriteFuture::isWritten));
    }
  }

  @Test
  void whoWritesMuchWaitsForASlowReaderAndForNobodyElse() throws Exception {
    try (Socket slow = client()) {
      SocketSession toSlow = session();
      write(toSlow, noise(MUCH));
      CompletableFuture<Void> room = awaitingRoom(toSlow);
      try (Socket quick = client()) {
        SocketSession toQuick = session();
        toQuick.writeBuffer(buffer("at once".getBytes(UTF_8)));
        assertThat(quick.getInputStream().readNBytes(7)).asString(UTF_8).isEqualTo("at once");
        toQuick.awaitRoom();
      }
      assertThat(room.isDone()).isFalse();
      slow.getInputStream().skipNBytes(MUCH);
      room.get(20, TimeUnit.SECONDS);
    }
  }

  private static CompletableFuture<Void> awaitingRoom(SocketSession session) {
    CompletableFuture<Void> room = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                session.awaitRoom();
                room.complete(null);
              } catch (IOException e) {
                room.completeExceptionally(e);
              }
            });
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    return room;
  }

  @Test
  void aCloseInTheMiddleFailsWhatWaitsAndLetsTheWriterGo() throws Exception {
    try (Socket client = client()) {
      SocketSession session = session();
      List<IoWriteFuture> futures = write(session, noise(MUCH));
      CompletableFuture<Void> room = awaitingRoom(session);
      session.close(true);
      room.get(20, TimeUnit.SECONDS);
      assertThat(futures).allMatch(IoWriteFuture::isDone);
      assertThat(futures.getLast().getException()).isInstanceOf(ClosedChannelException.class);
      IoWriteFuture late = session.writeBuffer(buffer(new byte[1]));
      assertThat(late.getException()).isInstanceOf(ClosedChannelException.class);
      assertThat(recorder.closed.take()).isSameAs(session);
      await().until(() -> acceptor.getManagedSessions().isEmpty());
      // What the kernel had taken still comes, and then the end.
      assertThat(client.getInputStream().readAllBytes().length).isLessThan(MUCH);
      String thread = "client-" + session.getId();
      await()
          .until(() ->
              Thread.getAllStackTraces().keySet().stream()
                  .noneMatch(each -> each.getName().equals(thread)));
    }
    assertThat(recorder.closed).as("told once").isEmpty();
  }

  @Test
  void aGracefulCloseSendsWhatWaitsFirst() throws Exception {
    byte[] much = noise(MUCH);
    try (Socket client = client()) {
      SocketSession session = session();
      write(session, much);
      session.close(false);
      byte[] got = client.getInputStream().readAllBytes();
      assertThat(Arrays.equals(got, much)).isTrue();
      assertThat(recorder.closed.take()).isSameAs(session);
    }
  }

  @Test
  void aClientThatResetsFailsWhatWaits() throws Exception {
    SocketSession session;
    List<IoWriteFuture> futures;
    try (Socket client = client()) {
      session = session();
      futures = write(session, noise(MUCH));
      client.setSoLinger(true, 0); // close() sends a reset
    }
    assertThat(recorder.closed.take()).isSameAs(session);
    await().until(() -> futures.stream().allMatch(IoWriteFuture::isDone));
    assertThat(futures.getLast().getException()).isInstanceOf(IOException.class);
    session.awaitRoom();
  }

  @Test
  void aClientThatEndsItsInputEndsTheConnection() throws Exception {
    try (Socket client = client()) {
      SocketSession session = session();
      client.getOutputStream().write("last".getBytes(UTF_8));
      client.shutdownOutput();
      assertThat(recorder.closed.take()).isSameAs(session);
      assertThat(recorder.receivedBytes()).isEqualTo(4);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(recorder.faults).isEmpty();
  }

  @Test
  void ourOutputCanEndWhileTheClientGoesOn() throws Exception {
    try (Socket client = client()) {
      SocketSession session = session();
      session.writeBuffer(buffer("last".getBytes(UTF_8)));
      session.shutdownOutputStream();
      assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("last");
      client.getOutputStream().write("and more".getBytes(UTF_8));
      await().until(() -> recorder.receivedBytes() == 8);
    }
  }

  @Test
  void aSuspendedConnectionReadsNothingAndStillSends() throws Exception {
    try (Socket client = client()) {
      SocketSession session = session();
      session.suspendRead();
      client.getOutputStream().write("held".getBytes(UTF_8));
      byte[] much = noise(MUCH);
      write(session, much);
      byte[] got = client.getInputStream().readNBytes(much.length);
      assertThat(Arrays.equals(got, much)).isTrue();
      assertThat(recorder.received).isEmpty();
      session.resumeRead();
      await().until(() -> recorder.receivedBytes() == 4);
    }
  }

  @Test
  void whatCannotBeHandledIsAnsweredBeforeTheEnd() throws Exception {
    recorder.throwing = true;
    try (Socket client = client()) {
      client.getOutputStream().write("?".getBytes(UTF_8));
      assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("goodbye");
    }
    assertThat(recorder.faults).hasSize(1).first().isInstanceOf(IllegalStateException.class);
    assertThat(recorder.closed.take()).isSameAs(session());
  }

  @Test
  void manyWritersOfOneConnectionDoNotMixTheirPackets() throws Exception {
    int writers = 4;
    int packets = 400;
    int length = 4000;
    try (Socket client = client()) {
      SocketSession session = session();
      List<Thread> threads = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        byte[] packet = new byte[length];
        Arrays.fill(packet, (byte) writer);
        threads.add(Thread.ofPlatform().start(() -> repeat(session, packet, packets)));
      }
      int[] seen = new int[writers];
      for (int i = 0; i < writers * packets; i++) {
        byte[] packet = client.getInputStream().readNBytes(length);
        byte[] same = new byte[length];
        Arrays.fill(same, packet[0]);
        assertThat(packet).isEqualTo(same);
        seen[packet[0]]++;
      }
      assertThat(seen).containsOnly(packets);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void repeat(SocketSession session, byte[] packet, int times) {
    try {
      for (int i = 0; i < times; i++) {
        session.writeBuffer(buffer(packet.clone()));
        session.awaitRoom();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptedWriterIsTold() throws Exception {
    try (Socket client = client()) {
      SocketSession session = session();
      write(session, noise(MUCH));
      Thread.currentThread().interrupt();
      assertThatThrownBy(session::awaitRoom)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(client.isConnected()).isTrue();
    }
  }
}
