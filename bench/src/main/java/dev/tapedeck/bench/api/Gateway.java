package dev.tapedeck.bench.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What stands between client and upstream, or the upstream itself: a process on a loopback port.
 */
record Gateway(String name, int port, Process process) implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  /** No gateway: the upstream. */
  static Gateway direct(Path home) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Xss256k",
                "-cp",
                System.getProperty("java.class.path"),
                Upstream.class.getName())
            .redirectError(home.resolve("upstream.log").toFile())
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = out.readLine();
    if (port == null) {
      throw new IOException(Files.readString(home.resolve("upstream.log")));
    }
    return new Gateway("direct", Integer.parseInt(port), process);
  }

  /**
   * The gateway as {@code ./tapedeck serve} runs it, recording and catalog on.
   *
   * @param launcher the path of {@code tapedeck}
   * @param home a folder of its own, which gets the recordings in {@code data}
   */
  static Gateway tapedeck(Path launcher, Path home, Gateway upstream)
      throws IOException, InterruptedException {
    Files.createDirectories(home);
    Path ready = home.resolve("ready.json");
    Path log = home.resolve("tapedeck.log");
    Process process =
        start(
            log,
            launcher.toString(),
            "serve",
            "--ssh",
            "off",
            "--web",
            "off",
            "--api",
            "127.0.0.1:0",
            "--upstream",
            "anthropic=http://127.0.0.1:" + upstream.port(),
            "--data",
            home.resolve("data").toString(),
            "--ready-file",
            ready.toString());
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.exists(ready)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("tapedeck did not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String port = Files.readString(ready).replaceAll("(?s).*\"api\":\"[^\"]*:(\\d+)\".*", "$1");
    return new Gateway("tapedeck", Integer.parseInt(port), process);
  }

  /**
   * nginx as people put it before an API that streams: nothing is buffered, connections are kept.
   */
  static Gateway nginx(Path home, Gateway upstream) throws IOException, InterruptedException {
    int port = freePort();
    Path config =
        Files.writeString(
            home.resolve("nginx.conf"),
            """
            daemon off;
            pid %1$s/nginx.pid;
            error_log %1$s/nginx-error.log warn;
            worker_processes auto;
            worker_rlimit_nofile 16384;
            events { worker_connections 8192; }
            http {
              access_log %1$s/nginx-access.log;
              client_body_temp_path %1$s/nginx-body;
              proxy_temp_path %1$s/nginx-proxy;
              fastcgi_temp_path %1$s/nginx-fastcgi;
              uwsgi_temp_path %1$s/nginx-uwsgi;
              scgi_temp_path %1$s/nginx-scgi;
              keepalive_requests 1000000;
              tcp_nodelay on;
              upstream api { server 127.0.0.1:%2$d; keepalive 128; keepalive_requests 1000000; }
              server {
                listen 127.0.0.1:%3$d backlog=2048;
                location / {
                  proxy_pass http://api;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                  proxy_request_buffering off;
                }
              }
            }
            """
                .formatted(home, upstream.port(), port));
    Process process = start(home.resolve("nginx.log"), "nginx", "-c", config.toString());
    return await(new Gateway("nginx", port, process), home.resolve("nginx.log"));
  }

  /** mitmproxy without a screen; what it passes on is streamed, not kept. */
  static Gateway mitmproxy(Path home, Gateway upstream) throws IOException, InterruptedException {
    int port = freePort();
    Path streaming =
        Files.writeString(
            home.resolve("streaming.py"),
            """
            def responseheaders(flow):
                flow.response.stream = True
            """);
    Process process =
        start(
            home.resolve("mitmproxy.log"),
            "mitmdump",
            "-q",
            "--set",
            "confdir=" + home.resolve("mitmproxy"),
            "--mode",
            "reverse:http://127.0.0.1:" + upstream.port(),
            "--listen-host",
            "127.0.0.1",
            "--listen-port",
            Integer.toString(port),
            "-s",
            streaming.toString());
    return await(new Gateway("mitmproxy", port, process), home.resolve("mitmproxy.log"));
  }

  /** Whether a program is there to be measured. */
  static boolean installed(String program) {
    return List.of("/usr/sbin", "/usr/bin", "/usr/local/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Process start(Path log, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().merge("PATH", "/usr/sbin", (path, more) -> path + ":" + more);
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Gateway await(Gateway gateway, Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
        return gateway;
      } catch (IOException e) {
        if (!gateway.process().isAlive() || System.nanoTime() > deadline) {
          throw new IOException(gateway.name() + " did not start: " + Files.readString(log), e);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
