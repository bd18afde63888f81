package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxException;

/** The engine answered, and said no. */
final class RefusedException extends SandboxException {

  private static final long serialVersionUID = 1L;

  private final int status;

  RefusedException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** From 300 to 599; the API says 404 for what is not there and 409 for what does not fit now. */
  int status() {
    return status;
  }
}
