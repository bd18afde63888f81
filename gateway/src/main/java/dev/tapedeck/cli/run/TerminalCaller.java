package dev.tapedeck.cli.run;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.pump.Pump;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.sandbox.posix.CallersTerminal;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.LocalProcess;
import dev.tapedeck.sandbox.posix.Pty;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A person at a terminal: the program gets a terminal of its own that is like it, and the person's
 * is raw until the end, so that only the program's decides what keys mean.
 */
final class TerminalCaller implements Caller {

  private static final Logger LOG = LoggerFactory.getLogger(TerminalCaller.class);

  /** What a program has written before it stops itself is on its way for so long. */
  private static final long LAST_OUTPUT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final CallersTerminal terminal;
  private final HeldLog log = HeldLog.hold();
  private final OutputStream output = new FileOutputStream(FileDescriptor.out);

  /** A redirected standard error stays apart from what is on the screen. */
  private final @Nullable OutputStream error =
      CallersTerminal.is(2) ? null : new FileOutputStream(FileDescriptor.err);

  /** For an end that passes by {@link #close}: {@code System.exit}, or a bug. */
  private final Thread lastResort;

  private TerminalCaller(CallersTerminal terminal) {
    this.terminal = terminal;
    this.lastResort = new Thread(terminal::close, "restore-terminal");
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  static TerminalCaller open() throws IOException {
    return new TerminalCaller(CallersTerminal.open());
  }

  @Override
  public TerminalSize size() {
    return terminal.size();
  }

  @Override
  public SandboxProcess start(
      List<String> command, Map<String, String> environment, Runnable resumed) throws IOException {
    Pty pty = Pty.open();
    try {
      terminal.modesTo(pty);
      pty.resize(terminal.size());
      terminal.raw();
      boolean apart = error != null;
      Child child = Child.start(command, environment, pty, apart);
      SandboxProcess program = LocalProcess.onTerminal(child, pty, apart);
      child.onStop(() -> stopped(program, resumed));
      return program;
    } catch (IOException e) {
      pty.close();
      throw e;
    }
  }

  /** The person wants the shell: this process stops as the program did, and both go on together. */
  private void stopped(SandboxProcess program, Runnable resumed) {
    LockSupport.parkNanos(LAST_OUTPUT_NANOS);
    terminal.restore();
    CallersTerminal.stopJob();
    try {
      terminal.raw();
      resumed.run();
      program.signal("CONT");
    } catch (IOException e) {
      LOG.debug("the program does not go on: {}", e.getMessage());
    }
  }

  @Override
  public Pump.Source input() {
    return terminal.keys()::read;
  }

  @Override
  public Echo echo(SandboxProcess program) {
    return program.echo();
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public @Nullable OutputStream error() {
    return error;
  }

  /** The person's terminal is gone, and so is the program's. */
  @Override
  public void inputEnded(SandboxProcess program) {
    program.close();
  }

  @Override
  public void close() {
    terminal.close();
    log.close();
  }
}
