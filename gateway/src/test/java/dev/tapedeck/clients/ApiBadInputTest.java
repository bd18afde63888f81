package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.cli.Main;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.testing.ChildJvm;
import dev.tapedeck.testing.Http;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Upstreams and clients that send without end or lie about lengths, through a gateway with little
 * memory: it lives on, and others notice nothing.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ApiBadInputTest {

  private static final long GIBIBYTE = 1L << 30;
  private static final byte[] BLOCK = new byte[64 * 1024];

  static {
    Arrays.fill(BLOCK, (byte) 'x');
  }

  @TempDir Path home;
  private ServerSocket upstream;
  private ChildJvm gateway;
  private int port;

  @BeforeEach
  void start() throws Exception {
    upstream = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    Path ready = home.resolve("ready.json");
    Path config =
        Files.writeString(
            home.resolve("config.yaml"),
            """
            ssh: { listen: off }
            api:
              listen: 127.0.0.1:0
              capture_limit: 4MiB
              upstreams: { anthropic: "http://127.0.0.1:%d" }
            """
                .formatted(upstream.getLocalPort()));
    gateway =
        ChildJvm.start(
            List.of("-Xmx192m", "-XX:MaxDirectMemorySize=96m"),
            Main.class,
            "serve",
            "--config",
            config.toString(),
            "--data",
            home.resolve("data").toString(),
            "--ready-file",
            ready.toString());
    await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(ready));
    port = URI.create(((Obj) Json.parse(Files.readString(ready))).string("api")).getPort();
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    upstream.close();
  }

  private void accept() {
    while (!upstream.isClosed()) {
      try {
        Socket socket = upstream.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (List<String> head = Http.head(in); head != null; head = Http.head(in)) {
        String length = new Http.Message(head, new byte[0]).field("content-length");
        in.skipNBytes(length == null ? 0 : Long.parseLong(length));
        answer(head.getFirst(), out);
      }
    } catch (IOException gone) {
      // The gateway hangs up: that is how most of this ends.
    }
  }

  private static void answer(String line, OutputStream out) throws IOException {
    if (line.contains("endless")) {
      out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n".getBytes(UTF_8));
      out.write("Transfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n".getBytes(UTF_8));
      while (true) {
        out.write("10000\r\n".getBytes(UTF_8));
        out.write(BLOCK);
        out.write("\r\n".getBytes(UTF_8));
      }
    } else if (line.contains("head")) {
      out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(UTF_8));
      while (true) {
        out.write(BLOCK);
      }
    } else if (line.contains("more")) {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and much more".getBytes(UTF_8));
      out.write(BLOCK);
    } else {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(UTF_8));
    }
    out.flush();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
    return socket;
  }

  private static Http.Message ask(Socket socket, String path) throws IOException {
    send(socket, path);
    return Http.response(new BufferedInputStream(socket.getInputStream()));
  }

  private static void send(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + path
                    + " HTTP/1.1\r\nHost: x\r\nx-api-key: sk-ant-planted-0123456789\r\n"
                    + "Content-Length: 2\r\n\r\n{}")
                .getBytes(UTF_8));
  }

  private void othersAreServed() throws IOException {
    try (Socket other = connect()) {
      long begun = System.nanoTime();
      assertThat(ask(other, "/v1/messages?other").text()).isEqualTo("ok");
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
  }

  /** Reads so many bytes, serving others now and then. */
  private void read(InputStream in, long bytes) throws IOException {
    byte[] buffer = new byte[1 << 20];
    long nextLook = bytes / 4;
    for (long got = 0; got < bytes; ) {
      int count = in.read(buffer);
      assertThat(count).as("after %d bytes", got).isPositive();
      got += count;
      if (got > nextLook) {
        nextLook += bytes / 4;
        othersAreServed();
      }
    }
  }

  private List<String> hars() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      return files
          .filter(file -> file.endsWith("api.har"))
          .map(file -> {
            try {
              return Files.readString(file);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          })
          .toList();
    }
  }

  @Test
  void anUpstreamThatSendsOneGibibyteInOneLineAndNeverEnds() throws Exception {
    try (Socket client = connect()) {
      send(client, "/v1/messages?endless");
      read(client.getInputStream(), GIBIBYTE);
    }
    othersAreServed();
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> hars().stream().anyMatch(har -> har.contains("\"_end\":\"client_abort\"")));
    String har = hars().getFirst();
    assertThat(har).contains("more than api.capture_limit");
    assertThat(har.length()).isLessThan(64 << 20);
  }

  @Test
  void anUpstreamWhoseHeadNeverEnds() throws Exception {
    try (Socket client = connect()) {
      assertThat(ask(client, "/v1/messages?head").line()).contains("502");
    }
    othersAreServed();
  }

  @Test
  void anUpstreamThatSendsMoreThanItSays() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (Socket client = connect()) {
        assertThat(ask(client, "/v1/messages?more").text()).isEqualTo("hello");
      }
      othersAreServed();
    }
  }

  @Test
  void aClientThatSendsOneGibibyteInOneLine() throws Exception {
    try (Socket client = connect()) {
      OutputStream out = client.getOutputStream();
      out.write(
          ("POST /v1/messages?other HTTP/1.1\r\nHost: x\r\nContent-Length: "
                  + GIBIBYTE
                  + "\r\n\r\n")
              .getBytes(UTF_8));
      for (long sent = 0; sent < GIBIBYTE; sent += BLOCK.length) {
        out.write(BLOCK);
        if (sent % (GIBIBYTE / 4) == 0) {
          othersAreServed();
        }
      }
      assertThat(Http.response(new BufferedInputStream(client.getInputStream())).text())
          .isEqualTo("ok");
    }
    othersAreServed();
  }

  @Test
  void aClientThatSaysMoreThanItSends() throws Exception {
    try (Socket client = connect()) {
      client
          .getOutputStream()
          .write(
              "POST /v1/messages?other HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}"
                  .getBytes(UTF_8));
      othersAreServed();
    }
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> hars().stream().anyMatch(har -> har.contains("\"_end\":\"client_abort\"")));
    othersAreServed();
  }

  @Test
  void aClientWhoseHeadNeverEndsAndOneThatSpeaksNoHttp() throws Exception {
    try (Socket client = connect();
        Socket stranger = connect()) {
      stranger.getOutputStream().write("\u0000\u0001SSH-2.0-what\r\n\r\n".getBytes(UTF_8));
      OutputStream out = client.getOutputStream();
      out.write("GET /v1/models HTTP/1.1\r\nX-Long: ".getBytes(UTF_8));
      try {
        for (long sent = 0; sent < 64L << 20; sent += BLOCK.length) {
          out.write(BLOCK);
        }
      } catch (IOException hungUp) {
        // As it should.
        assertThat(hungUp).isNotNull();
      }
      othersAreServed();
    }
    othersAreServed();
  }
}
