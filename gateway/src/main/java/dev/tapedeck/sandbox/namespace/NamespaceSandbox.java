package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.sandbox.TerminalSpec;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.Folder;
import dev.tapedeck.sandbox.posix.LaunchScript;
import dev.tapedeck.sandbox.posix.LocalProcess;
import dev.tapedeck.sandbox.posix.PidFd;
import dev.tapedeck.sandbox.posix.Pty;
import dev.tapedeck.sandbox.posix.Signals;
import dev.tapedeck.sandbox.reach.Forward;
import dev.tapedeck.sandbox.reach.Forwarder;
import dev.tapedeck.sandbox.reach.OneForward;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Namespaces held by their first process. It is killed by {@link #close}, and ends by itself when
 * the gateway does, as then the pipe to it ends; the kernel kills all others with it.
 */
final class NamespaceSandbox implements Sandbox {

  private static final Logger LOG = LoggerFactory.getLogger(NamespaceSandbox.class);

  /** How long the kernel may take to end all processes of a sandbox. */
  private static final long CLOSE_SECONDS = 5;

  /** What a sandbox is made of, and what must be given back. */
  record Parts(
      String id,
      Child unshare,
      int initPid,
      PidFd init,
      Folder devpts,
      HostIds.@Nullable HostId hostId,
      Cgroup cgroup) {}

  private final NamespaceEngine engine;
  private final Parts parts;
  private final LaunchScript.Ulimits ulimits;
  private final OneForward forward;
  private final Set<SandboxProcess> running = ConcurrentHashMap.newKeySet();
  private @Nullable String login;
  private boolean closed;

  NamespaceSandbox(
      NamespaceEngine engine, Parts parts, LaunchScript.Ulimits ulimits, Forwarder forwarder) {
    this.engine = engine;
    this.parts = parts;
    this.ulimits = ulimits;
    this.forward = new OneForward(parts.id, service -> open(forwarder, service));
  }

  @Override
  public String id() {
    return parts.id;
  }

  @Override
  public String engine() {
    return engine.name();
  }

  @Override
  public Optional<String> unfiltered() {
    return engine.wall().missing();
  }

  @Override
  public synchronized boolean healthy() {
    return !closed && parts.unshare.alive() && parts.init.exists();
  }

  @Override
  public SandboxProcess start(ProcessSpec spec) throws SandboxException {
    try {
      SandboxUser account = claim(spec.user());
      TerminalSpec terminal = spec.terminal();
      Pty pty = terminal == null ? null : LaunchScript.terminal(Pty.open(parts.devpts), terminal);
      try {
        return launch(spec, account, pty);
      } catch (IOException | RuntimeException e) {
        if (pty != null) {
          pty.close();
        }
        throw e;
      }
    } catch (SandboxException e) {
      throw e;
    } catch (IOException e) {
      throw new SandboxException("cannot start a program in the sandbox: " + e.getMessage(), e);
    }
  }

  private SandboxProcess launch(ProcessSpec spec, SandboxUser account, @Nullable Pty pty)
      throws IOException {
    LaunchScript script =
        LaunchScript.of(
            spec,
            SandboxUser.shell(),
            account.home(),
            pty == null ? null : pty.path(),
            ulimits,
            engine::sftpServer);
    Wall wall = engine.wall();
    List<String> command =
        wall.enter(hostNumber(), parts.cgroup.joins(), parts.initPid, script.command());
    synchronized (this) {
      // The first process's id is good as long as the sandbox is held open.
      requireOpen();
      Child child = script.start(command, wall.environment());
      LocalProcess process = new LocalProcess(child, pty, true);
      running.add(process);
      var _ = child.ended().thenRun(() -> running.remove(process));
      return process;
    }
  }

  @Override
  public Reach reach(Service service) {
    return forward.to(service);
  }

  private Forward open(Forwarder forwarder, UnixDomainSocketAddress service) throws IOException {
    Forward made = forwarder.open(parts.initPid, service);
    // As long as the first process has not been reaped nothing else can have had its id.
    if (!parts.init.exists()) {
      made.close();
      throw new SandboxException("the sandbox has ended");
    }
    return made;
  }

  /** The first program decides whose sandbox it is. */
  private synchronized SandboxUser claim(String user) throws IOException {
    requireOpen();
    SandboxUser account = SandboxUser.of(user);
    if (login == null) {
      new Init(parts.unshare).name(account.name(), account.home());
      login = user;
    } else if (!login.equals(user)) {
      throw new SandboxException("the sandbox belongs to another user");
    }
    return account;
  }

  private void requireOpen() throws SandboxException {
    if (closed || !parts.unshare.alive()) {
      throw new SandboxException("the sandbox is closed");
    }
  }

  private @Nullable Integer hostNumber() {
    return parts.hostId == null ? null : parts.hostId.number();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    engine.forget(this);
    forward.close();
    try {
      parts.cgroup.unthrottle();
      parts.init.signal(Signals.KILL);
      if (parts.unshare.await(CLOSE_SECONDS, TimeUnit.SECONDS).isEmpty()) {
        LOG.warn("sandbox {} did not end within {} s", parts.id, CLOSE_SECONDS);
      }
      running.forEach(SandboxProcess::close);
      parts.cgroup.remove();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      release(parts);
    }
  }

  /** Gives back what is left of a sandbox whose processes are gone. */
  static void release(Parts parts) {
    parts.unshare.signal(Signals.KILL);
    parts.init.close();
    parts.devpts.close();
    try (HostIds.HostId _ = parts.hostId) {
      parts.unshare.close();
    } catch (IOException e) {
      LOG.warn("letting go of sandbox {}", parts.id, e);
    }
  }
}
