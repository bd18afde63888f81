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
import org.jspecify.annotations.Nullable;

/**
 * A person at a terminal: the program gets a terminal of its own that is like it, and the person's
 * is raw until the end, so that only the program's decides what keys mean.
 */
final class TerminalCaller implements Caller {

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
    this.lastResort = new Thread(terminal::restore, "restore-terminal");
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
  public SandboxProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    Pty pty = Pty.open();
    try {
      terminal.modesTo(pty);
      pty.resize(terminal.size());
      terminal.raw();
      boolean apart = error != null;
      return LocalProcess.onTerminal(Child.start(command, environment, pty, apart), pty, apart);
    } catch (IOException e) {
      pty.close();
      throw e;
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
