package dev.tapedeck.sandbox.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens on a Unix socket and answers one scripted text to each connection, whatever is asked. */
final class ScriptedEngine implements Closeable {

  /** Pieces of one answer, each written by itself. */
  private record Answer(List<byte[]> pieces) {}

  private final Path socket;
  private final ServerSocketChannel server;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<SocketChannel> open = new ArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean keepOpen;

  ScriptedEngine(Path socket) throws IOException {
    this.socket = socket;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(this::serve);
  }

  Path socket() {
    return socket;
  }

  /** Answers are not followed by the connection's end. */
  ScriptedEngine keepsOpen() {
    keepOpen = true;
    return this;
  }

  /** Text whose line ends become CRLF. */
  ScriptedEngine answers(String text) {
    answers.add(new Answer(List.of(text.replace("\n", "\r\n").getBytes(ISO_8859_1))));
    return this;
  }

  void answersInTwo(byte[] wire, int split) {
    byte[] first = Arrays.copyOf(wire, split);
    byte[] second = Arrays.copyOfRange(wire, split, wire.length);
    answers.add(new Answer(List.of(first, second)));
  }

  /** Everything that was sent so far. */
  String asked() {
    return String.join("", asked);
  }

  void awaitInput(String end) {
    await().until(() -> asked().endsWith(end));
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        synchronized (open) {
          open.add(channel);
        }
        request(channel);
        Answer answer = answers.remove();
        for (byte[] piece : answer.pieces) {
          channel.write(ByteBuffer.wrap(piece));
        }
        if (keepOpen) {
          Thread.ofPlatform().daemon().start(() -> listen(channel));
        } else {
          channel.close();
        }
      }
    } catch (AsynchronousCloseException _) {
      // The test is over.
    } catch (IOException e) {
      asked.add("FAILED: " + e);
    }
  }

  /** Reads one request: its head, and as much body as it announces. */
  private void request(SocketChannel channel) throws IOException {
    StringBuilder request = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (!complete(request.toString()) && channel.read(buffer.clear()) >= 0) {
      request.append(ISO_8859_1.decode(buffer.flip()));
    }
    asked.add(request.toString());
  }

  private static boolean complete(String request) {
    int end = request.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    String length = request.replaceFirst("(?s).*Content-Length: ([0-9]+).*", "$1");
    int body = length.matches("[0-9]+") ? Integer.parseInt(length) : 0;
    return request.length() >= end + 4 + body;
  }

  private void listen(SocketChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    try {
      while (channel.read(buffer.clear()) >= 0) {
        asked.add(ISO_8859_1.decode(buffer.flip()).toString());
      }
    } catch (ClosedChannelException _) {
      // The test is over.
    } catch (IOException e) {
      asked.add("FAILED: " + e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (open) {
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
  }
}
