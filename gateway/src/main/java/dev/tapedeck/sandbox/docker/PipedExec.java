package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A program on three pipes, which come in frames over one connection to the engine. */
final class PipedExec implements SandboxProcess {

  private final Exec exec;
  private final UnixConnection connection;
  private final Demultiplexer streams;

  PipedExec(Exec exec, DockerHttp.Stream stream) {
    this.exec = exec;
    this.connection = stream.connection();
    this.streams = new Demultiplexer(stream.body());
  }

  @Override
  public OutputStream input() {
    return connection.output();
  }

  @Override
  public InputStream output() {
    return streams.output();
  }

  @Override
  public InputStream error() {
    return streams.error();
  }

  @Override
  public void resize(TerminalSize size) {
    // There is no terminal.
  }

  @Override
  public boolean signal(String name) throws IOException {
    return exec.signal(name, Exec.Scope.GROUP);
  }

  @Override
  public Echo echo() {
    return Echo.SHOWN;
  }

  @Override
  public ExitStatus await() throws InterruptedException {
    return exec.await();
  }

  @Override
  public void close() {
    exec.kill();
    streams.close();
    DockerHttp.closeQuietly(connection);
    exec.sandbox().left(exec);
  }
}
