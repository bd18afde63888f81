package dev.tapedeck.sandbox;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to start in a sandbox.
 *
 * @param user the name that the client logged in with: what {@code USER} and {@code LOGNAME} say
 *     inside
 * @param environment added to the sandbox's own clean environment (HOME, PATH, SHELL, USER); names
 *     are valid, values have no NUL
 * @param terminal the terminal to run it on, or null for three pipes
 */
public record ProcessSpec(
    Program program,
    String user,
    Map<String, String> environment,
    @Nullable TerminalSpec terminal) {

  public ProcessSpec {
    environment = Map.copyOf(environment);
  }

  /** The same with more in its environment, over what is there. */
  public ProcessSpec with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new ProcessSpec(program, user, all, terminal);
  }

  /** The same on another terminal. */
  public ProcessSpec on(TerminalSpec other) {
    return new ProcessSpec(program, user, environment, other);
  }

  /** What to run. */
  public sealed interface Program {
    /** The user's shell as a login shell. */
    record LoginShell() implements Program {}

    /** A command line, given to the shell with {@code -c}. */
    record Command(String line) implements Program {}

    /** An SFTP server on standard input and output. */
    record Sftp() implements Program {}
  }
}
