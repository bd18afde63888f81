package dev.tapedeck.sandbox.posix;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A program that runs as a child of the gateway, on a terminal or with three pipes.
 *
 * <p>The child may be the program itself, or a process outside of the sandbox that waits for the
 * one inside and ends as that one ends.
 */
public final class LocalProcess implements SandboxProcess {

  private static final Logger LOG = LoggerFactory.getLogger(LocalProcess.class);

  /** How long a program may take to end by itself when it is told to hang up. */
  private static final long HANGUP_MILLIS = 200;

  /** How long to wait for a killed program to be gone. */
  private static final long KILLED_MILLIS = 1_000;

  /** Programs may start others while they are being killed. */
  private static final int KILL_ROUNDS = 5;

  private static final int MAX_COMPLAINT_BYTES = 4096;

  private final Child child;
  private final @Nullable Pty pty;
  private final boolean outside;
  private final boolean errorApart;
  private volatile boolean closing;

  /**
   * Takes over a child that has been started.
   *
   * @param outside whether the child only stands for the program, which is its own only child
   */
  public LocalProcess(Child child, @Nullable Pty pty, boolean outside) {
    this(child, pty, outside, false);
  }

  /**
   * Takes over a program that was started on a terminal itself.
   *
   * @param errorApart whether its standard error is a pipe of its own
   */
  public static LocalProcess onTerminal(Child child, Pty pty, boolean errorApart) {
    return new LocalProcess(child, pty, false, errorApart);
  }

  private LocalProcess(Child child, @Nullable Pty pty, boolean outside, boolean errorApart) {
    this.child = child;
    this.pty = pty;
    this.outside = outside;
    this.errorApart = errorApart;
    if (pty != null) {
      var _ = child.ended().thenAccept(status -> finishTerminal(pty, status));
    }
  }

  @Override
  public OutputStream input() {
    return pty == null ? child.input() : pty.input();
  }

  @Override
  public InputStream output() {
    return pty == null ? child.output() : pty.output();
  }

  @Override
  public InputStream error() {
    return pty == null || errorApart ? child.error() : InputStream.nullInputStream();
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    if (pty != null) {
      pty.resize(size);
    }
  }

  @Override
  public boolean signal(String name) {
    int signal = Signals.number(name);
    if (signal == 0 || !child.alive()) {
      return false;
    }
    child.awaitBegun();
    return pty == null ? signalProgram(signal) : pty.signal(signal);
  }

  @Override
  public Echo echo() {
    return pty == null ? Echo.SHOWN : pty.echo();
  }

  @Override
  public ExitStatus await() throws InterruptedException {
    return child.await();
  }

  @Override
  public void close() {
    closing = true;
    if (pty != null) {
      pty.close();
    }
    try {
      if (child.alive()) {
        signalProgram(Signals.HUP);
        if (child.await(HANGUP_MILLIS, TimeUnit.MILLISECONDS).isEmpty()) {
          kill();
        }
      }
      child.close();
    } catch (InterruptedException _) {
      killOnce();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("closing the pipes of process {}", child.pid(), e);
    }
  }

  private boolean signalProgram(int signal) {
    if (!outside) {
      return child.signalGroup(signal);
    }
    List<Integer> program = child.children();
    return !program.isEmpty() && ProcessTree.signalGroup(program.getFirst(), signal);
  }

  private void kill() throws InterruptedException {
    for (int round = 0; round < KILL_ROUNDS; round++) {
      killOnce();
      if (child.await(KILLED_MILLIS / KILL_ROUNDS, TimeUnit.MILLISECONDS).isPresent()) {
        return;
      }
    }
    child.signal(Signals.KILL);
  }

  /** The child outside last: it ends by itself, and without it the one inside would be lost. */
  private void killOnce() {
    for (int pid : ProcessTree.descendants(child.pid())) {
      ProcessTree.signal(pid, Signals.KILL);
    }
    if (!outside) {
      child.signalGroup(Signals.KILL);
    }
  }

  /** What its starters, not the program, had to say: their pipes end with the child. */
  private void finishTerminal(Pty terminal, ExitStatus status) {
    terminal.touch();
    if (errorApart) {
      return;
    }
    try (child) {
      byte[] complaint = child.error().readNBytes(MAX_COMPLAINT_BYTES);
      if (complaint.length > 0) {
        // Told to end before it began, it finds its terminal gone: no news.
        LOG.atLevel(closing ? Level.DEBUG : Level.WARN)
            .log(
                "starting a program ended as {}: {}",
                status,
                new String(complaint, StandardCharsets.UTF_8).strip());
      }
    } catch (IOException e) {
      LOG.warn("reading what the starter of a program said", e);
    }
  }
}
