package dev.tapedeck.sandbox.reach;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.LaunchScript;
import dev.tapedeck.sandbox.posix.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process with all capabilities in a user namespace of its own, and so in those of the sandboxes
 * that are made inside of it; with none outside. It stays in the host's network: {@link
 * ForwarderMain} accepts inside and connects outside.
 *
 * <pre>
 *   started --"holding"--&gt; a shell that only holds the namespace --"go"--&gt; a JVM
 *           --"open N PID PATH"--&gt; "opened N PORT" or "failed N WHY"; "close N"; "warning TEXT"
 *           --end of its input, also by the gateway's death--&gt; ended
 * </pre>
 */
final class ForwarderProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ForwarderProcess.class);

  /** A JVM's start on a busy machine is part of the first answer. */
  private static final long ANSWER_SECONDS = 20;

  private static final long CLOSE_SECONDS = 2;
  private static final int MAX_COMPLAINT_BYTES = 4096;

  private static final String SCRIPT =
      """
      user=$1 group=$2
      shift 2
      exec unshare --user --map-user="$user" --map-group="$group" --keep-caps -- \
        /bin/sh -c 'echo holding; read -r _ && exec "$@"' tapedeck-forwarder "$@"
      """;

  private final Child child;
  private final CompletableFuture<Integer> holding = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<Integer>> asked = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private boolean begun;

  private ForwarderProcess(Child child) {
    this.child = child;
  }

  /** Starts the shell and waits until its user namespace is there. */
  static ForwarderProcess start() throws IOException {
    Path self = Path.of("/proc/self");
    List<String> command =
        List.of(
            "/bin/sh",
            "-c",
            SCRIPT,
            "tapedeck-forwarder",
            String.valueOf(Files.getAttribute(self, "unix:uid")),
            String.valueOf(Files.getAttribute(self, "unix:gid")),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms8m",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ForwarderMain.class.getName());
    Map<String, String> environment = Map.of("PATH", LaunchScript.PATH, "LC_ALL", "C.UTF-8");
    ForwarderProcess process = new ForwarderProcess(Child.start(command, environment));
    Thread.ofPlatform().name("forwarder-answers").daemon().start(process::readAnswers);
    try {
      process.answer(process.holding);
      return process;
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  int pid() {
    return child.pid();
  }

  boolean alive() {
    return child.alive() && !holding.isCompletedExceptionally();
  }

  /** Asks for a forward and waits for it. */
  Forward open(int pid, UnixDomainSocketAddress service) throws IOException {
    long number = numbers.incrementAndGet();
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    asked.put(number, opened);
    try {
      if (!alive()) {
        throw new IOException("the process that carries its connections has ended");
      }
      say("open " + number + " " + pid + " " + service.getPath());
      return new Delegated(number, answer(opened));
    } finally {
      asked.remove(number);
    }
  }

  private synchronized void say(String line) throws IOException {
    String go = begun ? "" : "go\n";
    begun = true;
    child.input().write((go + line + "\n").getBytes(UTF_8));
    child.input().flush();
  }

  private int answer(CompletableFuture<Integer> future) throws IOException {
    try {
      return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException((cause == null ? e : cause).getMessage(), e);
    } catch (TimeoutException e) {
      // What it may still answer is of no use: everything that it holds goes with it.
      child.signal(Signals.KILL);
      throw new IOException(
          "the process that carries its connections did not answer within %d s"
              .formatted(ANSWER_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a forward was made", e);
    }
  }

  private void readAnswers() {
    String end = "the process that carries its connections has ended";
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.output(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        understand(line.split(" ", 3));
      }
      String said = complaint(child.error());
      end = said.isEmpty() ? end : end + ": " + said;
    } catch (IOException e) {
      end = end + ": " + e.getMessage();
    }
    IOException ended = new IOException(end);
    holding.completeExceptionally(ended);
    holding.obtrudeException(ended);
    asked.values().forEach(future -> future.completeExceptionally(ended));
  }

  private void understand(String[] words) {
    switch (words[0]) {
      case "holding" -> holding.complete(0);
      case "opened" -> asked(words).complete(Integer.parseInt(words[2]));
      case "failed" -> asked(words).completeExceptionally(new IOException(words[2]));
      case "warning" -> LOG.warn("{} {}", words[1], words.length > 2 ? words[2] : "");
      default -> LOG.warn("the process that carries connections said {}", words[0]);
    }
  }

  /** Where nobody waits any more, nobody listens. */
  private CompletableFuture<Integer> asked(String[] words) {
    CompletableFuture<Integer> future = asked.get(Long.parseLong(words[1]));
    return future == null ? new CompletableFuture<>() : future;
  }

  private static String complaint(InputStream error) throws IOException {
    return new String(error.readNBytes(MAX_COMPLAINT_BYTES), UTF_8)
        .strip()
        .replaceAll("\\s*\\R\\s*", "; ");
  }

  @Override
  public void close() {
    try {
      child.input().close();
      if (child.await(CLOSE_SECONDS, TimeUnit.SECONDS).isEmpty()) {
        child.signal(Signals.KILL);
        child.await();
      }
      child.close();
    } catch (IOException e) {
      LOG.warn("closing the process that carries connections", e);
    } catch (InterruptedException _) {
      child.signal(Signals.KILL);
      Thread.currentThread().interrupt();
    }
  }

  /** One that the process holds. */
  private final class Delegated implements Forward {
    private final long number;
    private final int port;

    Delegated(long number, int port) {
      this.number = number;
      this.port = port;
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public void close() {
      try {
        if (alive()) {
          say("close " + number);
        }
      } catch (IOException e) {
        LOG.debug("the process that carries connections has ended first: {}", e.toString());
      }
    }
  }
}
