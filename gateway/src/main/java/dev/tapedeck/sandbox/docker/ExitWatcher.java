package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Learns how containers and execs end: from one stream of the engine's events for all of them,
 * because asking again and again for each would keep the engine busy with idle sessions.
 *
 * <pre>
 *   watching --stream ends--&gt; asking for every one that is awaited --&gt; watching again
 *      '--close()--&gt; closed
 * </pre>
 */
final class ExitWatcher implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(ExitWatcher.class);

  private static final long FIRST_PAUSE_MS = 100;
  private static final long MAX_PAUSE_MS = 5_000;

  private final DockerApi api;
  private final String label;
  private final Map<String, CompletableFuture<Integer>> awaited = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile DockerHttp.@Nullable Stream stream;

  private ExitWatcher(DockerApi api, String label) {
    this.api = api;
    this.label = label;
  }

  /** Watches the containers that have a label. */
  static ExitWatcher watch(DockerApi api, String label) {
    ExitWatcher endings = new ExitWatcher(api, label);
    Thread.ofPlatform().daemon().name("docker-endings").start(endings::run);
    return endings;
  }

  /**
   * The exit code of an exec, or of a container's first process, when it has ended. To be asked for
   * before it starts.
   *
   * @param id the exec's or the container's
   */
  CompletableFuture<Integer> of(String id) {
    return awaited.computeIfAbsent(id, _ -> new CompletableFuture<>());
  }

  /** Nobody waits for this one any more. */
  void forget(String id) {
    awaited.remove(id);
  }

  /** Asks how an exec is now, in case that its end was missed. */
  void check(String exec) {
    CompletableFuture<Integer> ending = awaited.get(exec);
    if (ending == null || ending.isDone()) {
      return;
    }
    try {
      Integer code = api.inspectExec(exec).code();
      if (code != null) {
        ending.complete(code);
      }
    } catch (SandboxException e) {
      LOG.debug("an exec's end could not be asked for", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    DockerHttp.Stream open = stream;
    if (open != null) {
      DockerHttp.closeQuietly(open);
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    long since = System.currentTimeMillis() / 1000;
    long pause = FIRST_PAUSE_MS;
    while (!isClosed()) {
      long now = System.currentTimeMillis() / 1000;
      try (DockerHttp.Stream events = api.events(label, since)) {
        stream = events;
        pause = FIRST_PAUSE_MS;
        follow(events);
      } catch (IOException | JacksonException e) {
        if (!isClosed()) {
          LOG.warn("the engine's events cannot be read, asking again: {}", e.getMessage());
        }
      }
      // A second is told twice rather than not at all.
      since = now;
      if (!rest(pause)) {
        awaited.keySet().forEach(this::check);
      }
      pause = Math.min(2 * pause, MAX_PAUSE_MS);
    }
  }

  /** Waits, unless and until it is closed. */
  private boolean rest(long pauseMs) {
    try {
      return closed.await(pauseMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      // Nobody interrupts this thread; if somebody does, it only rests less.
      return isClosed();
    }
  }

  private void follow(DockerHttp.Stream events) {
    try (MappingIterator<JsonNode> each =
        JsonMapper.shared().readerFor(JsonNode.class).readValues(events.body())) {
      while (each.hasNextValue() && !isClosed()) {
        JsonNode event = each.nextValue();
        JsonNode attributes = event.path("Actor").path("Attributes");
        String action = event.path("Action").asString("");
        // Podman says exec_died.
        String id =
            action.startsWith("exec_die")
                ? attributes.path("execID").asString("")
                : event.path("Actor").path("ID").asString("");
        ended(id, attributes.path("exitCode").asString(""));
      }
    }
  }

  private void ended(String id, String code) {
    CompletableFuture<Integer> ending = awaited.get(id);
    if (ending != null && code.matches("[0-9]{1,3}")) {
      ending.complete(Integer.parseInt(code));
    } else if (ending != null) {
      check(id);
    }
  }
}
