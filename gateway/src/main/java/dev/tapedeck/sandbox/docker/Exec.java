package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.posix.Signals;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program in a container, apart from its streams: how it ends, and how it is made to.
 *
 * <p>No call of the API signals an exec. So signals are sent by a second exec, which finds the
 * program by the token in its environment ({@code signal.sh}).
 */
final class Exec {

  /** The variable that carries the token; part of what {@code signal.sh} looks for. */
  static final String TOKEN_VARIABLE = "TAPEDECK_EXEC";

  /** Whom a signal is for; the lower-case names are {@code signal.sh}'s. */
  enum Scope {
    /** The process group in its terminal's foreground. */
    FOREGROUND,
    /** The program and its children, as long as they stay in its process group. */
    GROUP,
    /** Everything that it started. */
    ALL
  }

  private static final Logger LOG = LoggerFactory.getLogger(Exec.class);

  private static final String SIGNAL = ContainerSpec.script("signal.sh");

  /** What {@code signal.sh} exits with when there is nobody to signal. */
  private static final int NOBODY = 3;

  /** The exit code of a program whose end nobody saw. */
  private static final int UNSEEN = -1;

  /** How long to wait for news before asking: news may be lost when an engine restarts. */
  private static final long NEWS_S = 10;

  /** How long a program's end may come after that of its container. */
  private static final long AFTERMATH_MS = 1_000;

  private final DockerSandbox sandbox;
  private final String id;
  private final String token;
  private final CompletableFuture<Integer> ending;
  private final Set<Integer> sent = ConcurrentHashMap.newKeySet();

  Exec(DockerSandbox sandbox, String id, String token) {
    this.sandbox = sandbox;
    this.id = id;
    this.token = token;
    this.ending = sandbox.endings().of(id);
  }

  String id() {
    return id;
  }

  DockerSandbox sandbox() {
    return sandbox;
  }

  boolean ended() {
    return ending.isDone();
  }

  /** Does something once, when the program has ended; at once if it has. */
  void whenEnded(Runnable action) {
    var _ = ending.thenRun(action);
  }

  ExitStatus await() throws InterruptedException {
    while (true) {
      try {
        int code = ending.get(NEWS_S, TimeUnit.SECONDS);
        return code == UNSEEN ? new ExitStatus.Unknown() : ExitRule.of(code, sent);
      } catch (TimeoutException _) {
        sandbox.endings().check(id);
      } catch (ExecutionException e) {
        throw new IllegalStateException("an ending is never exceptional", e);
      }
    }
  }

  /** The container has ended: whatever is not known of the program by and by will never be. */
  void abandon() {
    var _ = ending.completeOnTimeout(UNSEEN, AFTERMATH_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Signals the program.
   *
   * @param name as RFC 4254 names it: {@code INT}
   * @return false if there is no such signal, or nobody to get it
   * @throws SandboxException if the engine refused, or gave no answer in time
   */
  boolean signal(String name, Scope scope) throws SandboxException {
    int number = Signals.number(name);
    if (number == 0 || ended()) {
      return false;
    }
    boolean news = sent.add(number);
    int code =
        sandbox.run(SIGNAL, token, Integer.toString(number), scope.name().toLowerCase(Locale.ROOT));
    if (code == 0) {
      return true;
    }
    if (news) {
      sent.remove(number);
    }
    if (code != NOBODY) {
      throw new SandboxException("A signal could not be sent: the sandbox said " + code + ".");
    }
    return false;
  }

  /** A signal reached the program by another way. */
  void signalled(int number) {
    sent.add(number);
  }

  /** Ends the program and all that it started. Where that fails, the container's end does it. */
  void kill() {
    if (!ended() && sandbox.healthy()) {
      Uninterrupted.run(this::killAll);
    }
  }

  private void killAll() {
    try {
      signal("KILL", Scope.ALL);
    } catch (IOException e) {
      LOG.warn(
          "sandbox {}: a program lives on until the sandbox ends: {}",
          sandbox.id(),
          e.getMessage());
    }
  }
}
