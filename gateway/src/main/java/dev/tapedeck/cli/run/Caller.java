package dev.tapedeck.cli.run;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.pump.Pump;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.sandbox.posix.CallersTerminal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who called {@code run}: a person at a terminal, or a script with pipes. */
public interface Caller extends AutoCloseable {

  /** Who called this process. A person has both the keys and the screen. */
  static Caller ofProcess() throws IOException {
    return CallersTerminal.is(0) && CallersTerminal.is(1)
        ? TerminalCaller.open()
        : new PipeCaller();
  }

  /** The terminal's size now; null without one. */
  @Nullable TerminalSize size();

  /**
   * Starts the program where the caller is: in its folder, with its rights.
   *
   * @param command an absolute path and arguments
   * @param resumed run when the caller's job goes on after it was stopped with the program
   */
  SandboxProcess start(List<String> command, Map<String, String> environment, Runnable resumed)
      throws IOException;

  /** What the caller sends. */
  Pump.Source input();

  /** Whether a person sees what is typed now. */
  Echo echo(SandboxProcess program);

  OutputStream output();

  /** Null where it goes to the terminal, as output does. */
  @Nullable OutputStream error();

  /** The caller's input has ended. */
  void inputEnded(SandboxProcess program) throws IOException;

  /** Gives back what was taken of the caller's; further calls do nothing. */
  @Override
  void close();
}
