package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The conversation with a sandbox's first process, as {@code init.sh} draws it: it says "pid N" and
 * "ready", is told a name and a home, and says "named".
 */
final class Init {

  /** How long each answer may take on a busy machine. */
  private static final long ANSWER_SECONDS = 20;

  private static final int MAX_LINE_BYTES = 256;
  private static final int MAX_COMPLAINT_BYTES = 4096;

  static final String SCRIPT = script("init.sh");

  private final Child child;

  Init(Child child) {
    this.child = child;
  }

  /** Waits until the root is built; the first process's id on the host. */
  int ready() throws IOException {
    String pid = answer("pid ");
    answer("ready");
    return Integer.parseInt(pid);
  }

  /** Names the sandbox's user; afterwards nothing more is said. */
  void name(String user, String home) throws IOException {
    child.input().write((user + " " + home + "\n").getBytes(StandardCharsets.UTF_8));
    answer("named");
  }

  private String answer(String expected) throws IOException {
    // Killing the child ends its output, and with it the wait below.
    CompletableFuture<Void> watch = new CompletableFuture<>();
    var _ =
        watch
            .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
            .exceptionally(_ -> {
              child.signal(Signals.KILL);
              return null;
            });
    String line;
    try {
      line = line(child.output());
    } finally {
      watch.complete(null);
    }
    if (!line.startsWith(expected)) {
      throw new SandboxException("the sandbox could not be built: " + complaint(line));
    }
    return line.substring(expected.length());
  }

  private String complaint(String line) throws IOException {
    child.signal(Signals.KILL);
    byte[] said = child.error().readNBytes(MAX_COMPLAINT_BYTES);
    String text = new String(said, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", "; ");
    if (!text.isEmpty()) {
      return text;
    }
    return line.isEmpty() ? "its first process ended or did not answer" : "it said " + line;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int b = in.read();
    while (b >= 0 && b != '\n' && line.length() < MAX_LINE_BYTES) {
      line.append((char) b);
      b = in.read();
    }
    return line.toString();
  }

  /** A script beside this class. */
  static String script(String name) {
    try (InputStream in = Init.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
