package dev.tapedeck.sandbox.none;

import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.sandbox.SftpServers;
import dev.tapedeck.sandbox.TerminalSpec;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.LaunchScript;
import dev.tapedeck.sandbox.posix.LocalProcess;
import dev.tapedeck.sandbox.posix.ProcessTree;
import dev.tapedeck.sandbox.posix.Pty;
import dev.tapedeck.sandbox.posix.Signals;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A home folder and the programs started from it. {@link #close} ends them and all in their
 * sessions; what made a session of its own (a daemon) escapes, as there is nothing to hold it.
 */
final class NoneSandbox implements Sandbox {

  private static final Logger LOG = LoggerFactory.getLogger(NoneSandbox.class);

  /** Programs may start others while they are being killed. */
  private static final int KILL_ROUNDS = 3;

  private record Started(Child child, SandboxProcess process) {}

  private final NoneEngine engine;
  private final String id;
  private final Path home;
  private final boolean kept;
  private final SftpServers sftp;
  private final List<Started> started = new ArrayList<>();
  private boolean closed;

  NoneSandbox(NoneEngine engine, String id, Path home, boolean kept, SftpServers sftp) {
    this.kept = kept;
    this.sftp = sftp;
    this.engine = engine;
    this.id = id;
    this.home = home;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String engine() {
    return engine.name();
  }

  @Override
  public Optional<String> unfiltered() {
    return Optional.of("the engine none runs programs on the host itself");
  }

  @Override
  public synchronized boolean healthy() {
    return !closed && Files.isDirectory(home);
  }

  @Override
  public synchronized SandboxProcess start(ProcessSpec spec) throws SandboxException {
    if (closed) {
      throw new SandboxException("the sandbox is closed");
    }
    Pty pty = null;
    try {
      TerminalSpec terminal = spec.terminal();
      pty = terminal == null ? null : LaunchScript.terminal(Pty.open(), terminal);
      return launch(spec, pty);
    } catch (IOException e) {
      if (pty != null) {
        pty.close();
      }
      throw e instanceof SandboxException known
          ? known
          : new SandboxException("cannot start a program: " + e.getMessage(), e);
    }
  }

  private SandboxProcess launch(ProcessSpec spec, @Nullable Pty pty) throws IOException {
    String shell = Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
    LaunchScript script =
        LaunchScript.of(
            spec,
            shell,
            home.toString(),
            pty == null ? null : pty.path(),
            LaunchScript.Ulimits.NONE,
            sftp::command);
    Child child = script.start(script.command());
    LocalProcess process = new LocalProcess(child, pty, false);
    started.add(new Started(child, process));
    return process;
  }

  /** Programs are on the host, and reach what the host reaches. */
  @Override
  public Reach reach(Service service) {
    return Reach.At.of(service.address());
  }

  @Override
  public void close() {
    List<Started> all;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      all = List.copyOf(started);
    }
    engine.forget(this);
    for (int round = 0; round < KILL_ROUNDS; round++) {
      all.forEach(NoneSandbox::kill);
    }
    all.forEach(one -> one.process.close());
    if (!kept) {
      remove(home);
    }
  }

  private static void kill(Started one) {
    List<Integer> members = new ArrayList<>(ProcessTree.descendants(one.child.pid()));
    members.addAll(ProcessTree.session(one.child.pid(), !one.child.alive()));
    members.forEach(pid -> ProcessTree.signal(pid, Signals.KILL));
  }

  private static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException error)
                throws IOException {
              Files.delete(left);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.warn("cannot remove the home folder {}", folder, e);
    }
  }
}
