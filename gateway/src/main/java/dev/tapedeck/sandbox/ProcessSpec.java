package dev.tapedeck.sandbox;

import dev.tapedeck.event.Bytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to start in a sandbox. What a client chose is bytes, for so it is to Linux: names in
 * Latin-1 reach the program as they were sent.
 *
 * @param user the name that the client logged in with: what {@code USER} and {@code LOGNAME} say
 *     inside
 * @param environment added to the sandbox's own clean environment (HOME, PATH, SHELL, USER); names
 *     are valid, values have no NUL
 * @param terminal the terminal to run it on, or null for three pipes
 */
public record ProcessSpec(
    Program program, String user, Map<String, Bytes> environment, @Nullable TerminalSpec terminal) {

  /** Where {@code scp} is; the first that is there. */
  public static final String SCP = "/usr/bin/scp /bin/scp /usr/local/bin/scp";

  public ProcessSpec {
    environment = Map.copyOf(environment);
  }

  /** The same with more in its environment, over what is there. */
  public ProcessSpec with(Map<String, String> more) {
    Map<String, Bytes> all = new HashMap<>(environment);
    more.forEach((name, value) -> all.put(name, Bytes.of(value)));
    return new ProcessSpec(program, user, all, terminal);
  }

  /** The same on another terminal. */
  public ProcessSpec on(TerminalSpec other) {
    return new ProcessSpec(program, user, environment, other);
  }

  /**
   * That a program can be given all this.
   *
   * @throws SandboxException if there is a zero byte: to Linux, texts end there
   */
  public void requireNoZeros() throws SandboxException {
    if (program instanceof Program.Command(Bytes line) && line.holds(0)) {
      throw new SandboxException(
          "the command has a zero byte in it, which no program can be given");
    }
    if (environment.values().stream().anyMatch(value -> value.holds(0))) {
      throw new SandboxException(
          "an environment variable has a zero byte in it, which no program can be given");
    }
  }

  /** What to run. */
  public sealed interface Program {
    /** The user's shell as a login shell. */
    record LoginShell() implements Program {}

    /** A command line, given to the shell with {@code -c}. */
    record Command(Bytes line) implements Program {
      public Command(String line) {
        this(Bytes.of(line));
      }
    }

    /**
     * The program {@code scp} by its path, with arguments that a shell expands which reads nothing
     * of the user's: what moves files must not become something else by a line in {@code .bashrc}.
     *
     * @param line the whole command line
     * @param arguments what follows the program's name there: plain words, quoted words and
     *     patterns, and nothing that could run another program
     */
    record Scp(Bytes line, Bytes arguments) implements Program {}

    /** An SFTP server on standard input and output. */
    record Sftp() implements Program {}
  }
}
