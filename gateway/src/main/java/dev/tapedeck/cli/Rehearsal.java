package dev.tapedeck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.auth.Password;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/**
 * Plays a short piece to {@code serve}, in a process of its own that writes an AOT cache meanwhile:
 * which classes it takes and which way its methods mostly go. With that cache the program starts
 * and gets up to speed sooner. The launcher runs it after each build; nothing depends on it.
 *
 * <p>Arguments: the cache to write, the program's jar, and the JVM's options as the launcher uses
 * them. Exit code 0 if the cache is there, also where some of the piece could not be played, as on
 * a machine without sandboxes.
 */
public final class Rehearsal {

  /** How long {@code serve} may take to start, with nothing prepared. */
  private static final Duration START = Duration.ofSeconds(30);

  /** How long one part of the piece may take. */
  private static final Duration PART = Duration.ofSeconds(15);

  /** How long the whole piece may take; what has been played by then will have to do. */
  private static final Duration PLAY = Duration.ofSeconds(60);

  /** How long the JVM may take to write the cache. */
  private static final Duration WRITING = Duration.ofSeconds(60);

  private static final Duration TICK = Duration.ofMillis(20);

  /** Enough for the compiler to take notice of every method on the way. */
  private static final int BULK_BYTES = 32_000_000;

  private static final int TERMINAL_BYTES = 4_000_000;
  private static final int KEYS = 300;
  private static final int LOGINS = 3;

  private static final String LINE =
      "2026-11-21T12:00:00.000Z INFO  worker-7 request served in 12 ms, status 200, ok";

  private final Path stage;
  private final String user = "rehearsal";
  private final String password = Password.generate();

  private Rehearsal(Path stage) {
    this.stage = stage;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path cache = Path.of(args[0]);
    Path stage = Files.createTempDirectory("tapedeck-rehearsal");
    try {
      new Rehearsal(stage).run(cache, args[1], List.of(args).subList(2, args.length));
    } finally {
      delete(stage);
    }
    System.exit(Files.exists(cache) ? 0 : 1);
  }

  private void run(Path cache, String jar, List<String> flags)
      throws IOException, InterruptedException {
    Path ready = stage.resolve("ready.json");
    Process serve = start(serve(cache, jar, flags, ready));
    try {
      long deadline = System.nanoTime() + START.toNanos();
      while (!Files.exists(ready) && serve.isAlive() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
      }
      if (Files.exists(ready)) {
        int port = port(Files.readString(ready));
        Thread player = Thread.ofPlatform().daemon().name("player").start(() -> play(port));
        player.join(PLAY);
      }
      serve.destroy();
      serve.waitFor(WRITING.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      serve.descendants().forEach(ProcessHandle::destroyForcibly);
      serve.destroyForcibly().waitFor();
    }
  }

  private List<String> serve(Path cache, String jar, List<String> flags, Path ready)
      throws IOException {
    Path config = stage.resolve("config.yaml");
    Files.writeString(
        config, "ssh:\n  users:\n    - { name: %s, password: %s }\n".formatted(user, password));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:disable", "-jar", jar));
    command.addAll(List.of("serve", "--ssh", "127.0.0.1:0", "--api", "off", "--web", "off"));
    command.addAll(List.of("--config", config.toString(), "--ready-file", ready.toString()));
    command.addAll(List.of("--data", stage.resolve("data").toString()));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(stage.resolve("log").toFile())
        .start();
  }

  private static int port(String ready) {
    return Integer.parseInt(ready.replaceAll("(?s).*\"ssh\":\"[^\"]*:(\\d+)\".*", "$1"));
  }

  /** Several logins, and on each what people and programs do. */
  private void play(int port) {
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.setCipherFactories(List.of(BuiltinCiphers.aes128gcm));
      CoreModuleProperties.TCP_NODELAY.set(client, true);
      client.start();
      for (int i = 0; i < LOGINS; i++) {
        try (ClientSession session =
            client.connect(user, "127.0.0.1", port).verify(PART).getSession()) {
          session.addPasswordIdentity(password);
          session.auth().verify(PART);
          type(session);
          String text = "yes '" + LINE + "' | head -c ";
          run(session.createExecChannel(text + BULK_BYTES), InputStream.nullInputStream());
          run(terminal(session, text + TERMINAL_BYTES), InputStream.nullInputStream());
          byte[] log = (LINE + "\n").repeat(BULK_BYTES / (LINE.length() + 1)).getBytes(UTF_8);
          run(session.createExecChannel("cat >/dev/null"), new ByteArrayInputStream(log));
          transfer(session);
        }
      }
    } catch (IOException e) {
      System.err.println("tapedeck: the rehearsal ended early: " + e.getMessage());
    }
  }

  private static ChannelExec terminal(ClientSession session, String command) throws IOException {
    ChannelExec channel =
        session.createExecChannel(command, UTF_8, new PtyChannelConfiguration(), Map.of());
    channel.setUsePty(true);
    return channel;
  }

  private static void run(ClientChannel channel, InputStream in) throws IOException {
    try (channel) {
      channel.setIn(in);
      channel.setOut(OutputStream.nullOutputStream());
      channel.setErr(OutputStream.nullOutputStream());
      channel.open().verify(PART);
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PART);
    }
  }

  /** Keys one by one, each when the last has come back. */
  private static void type(ClientSession session) throws IOException {
    try (ChannelExec channel = terminal(session, "cat >/dev/null")) {
      channel.open().verify(PART);
      OutputStream keys = channel.getInvertedIn();
      InputStream echo = channel.getInvertedOut();
      for (int i = 0; i < KEYS; i++) {
        keys.write('a');
        keys.flush();
        if (echo.read() < 0) {
          return;
        }
      }
    }
  }

  private static void transfer(ClientSession session) throws IOException {
    try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
      byte[] content = LINE.repeat(100).getBytes(UTF_8);
      try (OutputStream out = sftp.write("rehearsal.txt")) {
        out.write(content);
      }
      try (InputStream in = sftp.read("rehearsal.txt")) {
        in.readAllBytes();
      }
      sftp.remove("rehearsal.txt");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
