package dev.tapedeck.cli;

import dev.tapedeck.api.UpstreamKey;
import dev.tapedeck.cli.config.Config.KeySource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the keys of upstreams where the configuration says that they are. */
final class UpstreamKeys {

  /** Longer than any key. */
  private static final int MAX_BYTES = 16 * 1024;

  /** How long a command may take to print a key. */
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);

  /** How long what a command printed is used, before it is asked again. */
  private static final Duration COMMAND_KEPT = Duration.ofMinutes(5);

  private UpstreamKeys() {}

  static @Nullable UpstreamKey of(@Nullable KeySource key) {
    return switch (key) {
      case null -> null;
      case KeySource.Variable(String name) ->
          () -> checked(System.getenv(name), "the environment variable " + name);
      case KeySource.KeyFile(Path path) -> () -> read(path);
      case KeySource.Command(String line) -> new FromCommand(line);
    };
  }

  private static String checked(@Nullable String found, String where) throws IOException {
    String key = found == null ? "" : found.strip();
    if (key.isEmpty()) {
      throw new IOException(where + " holds none");
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException(where + " holds something that no header can: only visible ASCII can");
    }
    return key;
  }

  /**
   * Reads it each time: a file of some bytes costs less than a mistake about whether it changed.
   */
  private static String read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return checked(
          new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8), "the file " + path);
    } catch (FileSystemException e) {
      throw new IOException("cannot read the file " + path, e);
    }
  }

  /** Asks again after a while: what a command prints may be good for an hour only. */
  private static final class FromCommand implements UpstreamKey {

    private final String line;
    private @Nullable String key;
    private long asked;

    FromCommand(String line) {
      this.line = line;
    }

    @Override
    public synchronized String get() throws IOException {
      String known = key;
      if (known != null && System.nanoTime() - asked < COMMAND_KEPT.toNanos()) {
        return known;
      }
      known = run();
      key = known;
      asked = System.nanoTime();
      return known;
    }

    private String run() throws IOException {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", line)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      try {
        // What a key needs fits into the pipe: nobody has to read while it runs.
        if (!process.waitFor(COMMAND_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "the command for it did not end within " + COMMAND_LIMIT.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
          throw new IOException("the command for it ended with status " + process.exitValue());
        }
        String text =
            new String(process.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        return checked(text, "what the command for it printed");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the command for it was interrupted", e);
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
