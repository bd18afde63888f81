package dev.tapedeck.pump;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import java.io.IOException;

/**
 * Makes events of the bytes that pass between a program and who uses it; the bytes themselves go on
 * whatever it makes of them.
 */
public interface Tap {

  /** What the program wrote, before the client gets it. */
  void output(Bytes data) throws IOException;

  /** What the program wrote to standard error, before the client gets it. */
  void error(Bytes data) throws IOException;

  /**
   * What the client sent, before the program gets it.
   *
   * @param echo whether a person sees it on the screen
   */
  void input(Bytes data, Echo echo) throws IOException;

  /** Nothing more will pass. */
  void end() throws IOException;
}
