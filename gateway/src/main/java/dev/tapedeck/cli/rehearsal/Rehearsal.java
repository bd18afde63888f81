package dev.tapedeck.cli.rehearsal;

import dev.tapedeck.auth.Password;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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

  /** How long the whole piece may take; what has been played by then will have to do. */
  private static final Duration PLAY = Duration.ofSeconds(60);

  /** How long the JVM may take to write the cache. */
  private static final Duration WRITING = Duration.ofSeconds(60);

  private static final Duration TICK = Duration.ofMillis(20);

  private final Path stage;
  private final String user = "rehearsal";
  private final String password = Password.generate();
  private final Models models;

  private Rehearsal(Path stage, Models models) {
    this.stage = stage;
    this.models = models;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path cache = Path.of(args[0]);
    Path stage = Files.createTempDirectory("tapedeck-rehearsal");
    try (Models models = new Models()) {
      new Rehearsal(stage, models).run(cache, args[1], List.of(args).subList(2, args.length));
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
        String where = Files.readString(ready);
        Thread player = Thread.ofPlatform().daemon().name("player").start(() -> play(where));
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
        config,
        """
        ssh:
          users:
            - { name: %s, password: %s }
        api:
          listen: 127.0.0.1:0
          upstreams: { anthropic: "%s" }
        """
            .formatted(user, password, models.url()));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:disable", "-jar", jar));
    command.addAll(List.of("serve", "--ssh", "127.0.0.1:0", "--web", "off"));
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

  /** Where it listens, by what its ready file says. */
  private static String address(String ready, String what) {
    return ready.replaceAll("(?s).*\"" + what + "\":\"([^\"]*)\".*", "$1");
  }

  private void play(String ready) {
    try {
      String ssh = address(ready, "ssh");
      new Shells(user, password).play(Integer.parseInt(ssh.substring(ssh.lastIndexOf(':') + 1)));
      models.play(URI.create(address(ready, "api")));
    } catch (IOException | RuntimeException e) {
      System.err.println("tapedeck: the rehearsal ended early: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
