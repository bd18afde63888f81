package dev.tapedeck.cli.run;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.pump.Pump;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.sandbox.posix.CallersTerminal;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.LocalProcess;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A script: the program gets three pipes, and every byte goes through them as it is. */
final class PipeCaller implements Caller {

  private final InputStream input = new FileInputStream(FileDescriptor.in);
  private final OutputStream output = new FileOutputStream(FileDescriptor.out);
  private final OutputStream error = new FileOutputStream(FileDescriptor.err);

  @Override
  public @Nullable TerminalSize size() {
    return null;
  }

  @Override
  public SandboxProcess start(
      List<String> command, Map<String, String> environment, Runnable resumed) throws IOException {
    return new LocalProcess(Child.start(command, environment), null, false);
  }

  @Override
  public Pump.Source input() {
    return input::read;
  }

  /** Input may still be a terminal's, with only the output in a pipe. */
  @Override
  public Echo echo(SandboxProcess program) {
    return CallersTerminal.echo(0);
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public OutputStream error() {
    return error;
  }

  @Override
  public void inputEnded(SandboxProcess program) throws IOException {
    program.input().close();
  }

  /** The pipes are the process's own, to its end. */
  @Override
  public void close() {}
}
