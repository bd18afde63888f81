package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.posix.Pty;
import dev.tapedeck.sandbox.posix.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A program on a terminal of the container's whose master is the gateway's: what is typed is shown
 * or hidden as the terminal itself says, and no byte passes through the engine.
 */
final class OwnTerminalExec implements SandboxProcess {

  private final Exec exec;
  private final Pty terminal;

  OwnTerminalExec(Exec exec, Pty terminal) {
    this.exec = exec;
    this.terminal = terminal;
    // A program that never got as far as opening it leaves readers without an end otherwise.
    exec.whenEnded(terminal::touch);
  }

  @Override
  public OutputStream input() {
    return terminal.input();
  }

  @Override
  public InputStream output() {
    return terminal.output();
  }

  @Override
  public InputStream error() {
    return InputStream.nullInputStream();
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    terminal.resize(size);
  }

  @Override
  public boolean signal(String name) {
    int number = Signals.number(name);
    if (number == 0 || exec.ended()) {
      return false;
    }
    exec.signalled(number);
    return terminal.signal(number);
  }

  @Override
  public Echo echo() {
    return terminal.echo();
  }

  @Override
  public ExitStatus await() throws InterruptedException {
    return exec.await();
  }

  @Override
  public void close() {
    exec.kill();
    terminal.close();
    exec.sandbox().left(exec);
  }
}
