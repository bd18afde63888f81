package dev.tapedeck.bench.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An SSH server under measurement, a process of its own on a loopback port. */
record Server(String name, String user, int port, Process process) implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  /** OpenSSH's sshd with the same user, key and cipher; no PAM, no login messages. */
  static Server sshd(Path home, Path publicKey) throws IOException, InterruptedException {
    Path hostKey = home.resolve("sshd_host_key");
    run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey.toString());
    Files.createDirectories(Path.of("/run/sshd"));
    int port = freePort();
    Path config =
        Files.writeString(
            home.resolve("sshd_config"),
            """
            Port %d
            ListenAddress 127.0.0.1
            HostKey %s
            AuthorizedKeysFile %s
            PidFile none
            UsePAM no
            StrictModes no
            PrintMotd no
            PermitRootLogin yes
            MaxStartups 1000
            """
                .formatted(port, hostKey, publicKey));
    Process process =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("sshd.log").toFile())
            .start();
    awaitPort(port);
    return new Server("sshd", System.getProperty("user.name"), port, process);
  }

  /**
   * The gateway as {@code ./tapedeck serve} runs it: namespace sandboxes, recording and catalog on.
   *
   * @param launcher the path of {@code tapedeck}
   */
  static Server tapedeck(Path home, Path publicKey, Path launcher)
      throws IOException, InterruptedException {
    Path config =
        Files.writeString(
            home.resolve("tapedeck.yaml"),
            """
            api: { listen: off }
            ssh:
              listen: 127.0.0.1:0
              users:
                - { name: bench, authorized_keys: ["%s"] }
            sandbox:
              cpus: 4
              pool: 8
            """
                .formatted(Files.readString(publicKey).strip()));
    Path ready = home.resolve("ready.json");
    Process process =
        new ProcessBuilder(
                launcher.toString(),
                "serve",
                "--config",
                config.toString(),
                "--data",
                home.resolve("data").toString(),
                "--ready-file",
                ready.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("tapedeck.log").toFile())
            .start();
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.exists(ready)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "tapedeck did not start: " + Files.readString(home.resolve("tapedeck.log")));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String text =
        Files.readString(ready).replaceAll(".*\"ssh\":\"127\\.0\\.0\\.1:(\\d+)\".*", "$1");
    return new Server("tapedeck", "bench", Integer.parseInt(text.strip()), process);
  }

  /** The command line of OpenSSH's client to this server, with further options and a command. */
  List<String> ssh(Path home, List<String> options, String... command) {
    List<String> line = new ArrayList<>();
    line.addAll(
        List.of(
            "ssh",
            "-F",
            "none",
            "-i",
            home.resolve("key").toString(),
            "-c",
            "aes128-gcm@openssh.com",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-p",
            Integer.toString(port)));
    line.addAll(options);
    line.add(user + "@127.0.0.1");
    line.addAll(List.of(command));
    return line;
  }

  static void run(Path folder, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
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
