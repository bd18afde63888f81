package dev.tapedeck.sandbox;

import java.io.IOException;

/**
 * A sandbox could not be made, or a program in it not started. The message is one sentence for a
 * person.
 */
public class SandboxException extends IOException {

  public SandboxException(String message) {
    super(message);
  }

  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
