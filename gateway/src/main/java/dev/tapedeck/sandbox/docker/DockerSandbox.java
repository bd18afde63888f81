package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.ProcessSpec.Program;
import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.sandbox.TerminalSpec;
import dev.tapedeck.sandbox.reach.OneForward;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container; its programs are execs in it. */
final class DockerSandbox implements Sandbox {

  private static final Logger LOG = LoggerFactory.getLogger(DockerSandbox.class);

  private static final String START = ContainerSpec.script("start.sh");

  private static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

  private final DockerApi api;
  private final DockerOptions options;
  private final ExitWatcher endings;
  private final String id;
  private final String container;
  private final DockerHttp.Stream hold;
  private final OneForward forward;
  private final @Nullable OwnTerminals terminals;
  private final Runnable whenClosed;
  private final Set<Exec> execs = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Integer> ending;
  private final Optional<String> unfiltered;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A container that runs.
   *
   * @param ending of its first process
   * @param hold the connection that it lives by
   * @param terminals null where they are the engine's
   * @param unfiltered why the engine filters no system calls, or empty where it does
   */
  DockerSandbox(
      DockerApi api,
      DockerOptions options,
      ExitWatcher endings,
      String id,
      String container,
      CompletableFuture<Integer> ending,
      DockerHttp.Stream hold,
      ContainerNetwork network,
      @Nullable OwnTerminals terminals,
      Optional<String> unfiltered,
      Runnable whenClosed) {
    this.api = api;
    this.options = options;
    this.endings = endings;
    this.id = id;
    this.container = container;
    this.hold = hold;
    this.forward = new OneForward(id, network::forward);
    this.terminals = terminals;
    this.unfiltered = unfiltered;
    this.whenClosed = whenClosed;
    this.ending = ending;
    var _ = ending.thenRun(() -> execs.forEach(Exec::abandon));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String engine() {
    return DockerEngine.NAME;
  }

  @Override
  public Optional<String> unfiltered() {
    return unfiltered;
  }

  @Override
  public boolean healthy() {
    return !closed.get() && !ending.isDone();
  }

  ExitWatcher endings() {
    return endings;
  }

  @Override
  public SandboxProcess start(ProcessSpec spec) throws SandboxException {
    if (closed.get()) {
      throw new SandboxException("The sandbox is closed.");
    }
    if (ending.isDone()) {
      throw new SandboxException("The sandbox has ended.");
    }
    TerminalSpec terminal = spec.terminal();
    if (terminal == null) {
      Exec exec = prepare(spec, "-", true);
      return started(exec, () -> new PipedExec(exec, api.startExec(exec.id(), null)));
    }
    OwnTerminals own = terminals;
    if (own != null) {
      return own.start(
          terminal,
          path -> {
            Exec exec = prepare(spec, path, false);
            started(
                exec,
                () -> {
                  api.startDetached(exec.id());
                  return exec;
                });
            return exec;
          });
    }
    TerminalSize size = terminal.size().usable();
    Exec exec = prepare(spec, "engine", true);
    return started(
        exec, () -> new EngineTerminalExec(api, exec, api.startExec(exec.id(), size), size));
  }

  @Override
  public Reach reach(Service service) {
    return forward.to(service);
  }

  /** Starts something, or forgets it. */
  private interface Start<T> {
    T start() throws SandboxException;
  }

  private <T> T started(Exec exec, Start<T> start) throws SandboxException {
    try {
      T process = start.start();
      if (!healthy()) {
        exec.abandon();
      }
      return process;
    } catch (SandboxException e) {
      forget(exec);
      throw e;
    }
  }

  private Exec prepare(ProcessSpec spec, String terminal, boolean attached)
      throws SandboxException {
    spec.requireNoZeros();
    Bytewise carried = Bytewise.of(spec);
    List<String> program =
        switch (spec.program()) {
          case Program.LoginShell _ -> List.of("shell");
          case Program.Command _, Program.Scp _ -> carried.command();
          case Program.Sftp _ -> List.of("sftp");
        };
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", START, "tapedeck"));
    command.add(terminal);
    command.addAll(program);
    String token = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    boolean tty = attached && !terminal.equals("-");
    Map<String, Object> exec = exec(command, environment(spec, carried, token));
    exec.put("Tty", tty);
    exec.put("AttachStdin", attached);
    exec.put("AttachStdout", attached);
    exec.put("AttachStderr", attached);
    Exec prepared = new Exec(this, api.createExec(container, exec), token);
    execs.add(prepared);
    return prepared;
  }

  private Map<String, Object> exec(List<String> command, List<String> environment) {
    Map<String, Object> exec = new HashMap<>();
    exec.put("Cmd", command);
    exec.put("Env", environment);
    exec.put("User", options.uid() + ":" + options.uid());
    exec.put("WorkingDir", ContainerSpec.HOME);
    return exec;
  }

  private static List<String> environment(ProcessSpec spec, Bytewise carried, String token) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", ContainerSpec.HOME);
    environment.put("PATH", PATH);
    environment.put("USER", spec.user());
    environment.put("LOGNAME", spec.user());
    TerminalSpec terminal = spec.terminal();
    if (terminal != null) {
      environment.put("TERM", terminal.type());
    }
    environment.putAll(carried.environment());
    environment.put(Exec.TOKEN_VARIABLE, token);
    return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /**
   * Runs a script of ours inside, beside the programs, and waits for its end.
   *
   * @return its exit code
   */
  int run(String script, String... arguments) throws SandboxException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "tapedeck"));
    command.addAll(List.of(arguments));
    String exec = api.createExec(container, exec(command, List.of("PATH=" + PATH)));
    CompletableFuture<Integer> end = endings.of(exec);
    try {
      api.startDetached(exec);
      return end.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new SandboxException("The sandbox did not answer in time.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Interrupted while the sandbox was asked.", e);
    } finally {
      endings.forget(exec);
    }
  }

  /** Nobody holds this program any more; its end is still told to those who wait for it. */
  void left(Exec exec) {
    exec.whenEnded(() -> forget(exec));
  }

  private void forget(Exec exec) {
    execs.remove(exec);
    endings.forget(exec.id());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Uninterrupted.run(this::remove);
    }
  }

  private void remove() {
    forward.close();
    try {
      api.removeContainer(container);
    } catch (SandboxException e) {
      LOG.warn("sandbox {} goes only with its gateway's connection: {}", id, e.getMessage());
    }
    // The container's first process ends with this connection if nothing else has ended it.
    DockerHttp.closeQuietly(hold);
    if (terminals != null) {
      terminals.close();
    }
    execs.forEach(Exec::abandon);
    endings.forget(container);
    whenClosed.run();
  }
}
