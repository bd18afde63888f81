package dev.tapedeck.cli.commands;

/** A command could not do what it was asked. The message is one sentence for a person. */
public final class CommandFailed extends Exception {

  private static final long serialVersionUID = 1;

  public CommandFailed(String message) {
    super(message);
  }

  public CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
