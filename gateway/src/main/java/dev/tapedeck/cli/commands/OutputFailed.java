package dev.tapedeck.cli.commands;

import java.io.IOException;

/**
 * Standard output takes no more. Unchecked, because every printing line may throw it and only the
 * program's outermost page has an answer.
 */
public final class OutputFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final IOException reason;

  OutputFailed(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  @Override
  public synchronized IOException getCause() {
    return reason;
  }

  /** Whether the reader just went away (EPIPE). */
  public boolean closedByReader() {
    return String.valueOf(reason.getMessage()).contains("Broken pipe");
  }
}
