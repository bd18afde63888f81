package dev.tapedeck.sandbox.posix;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.TerminalSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last step before a program: a shell, already where the program shall run and with its rights,
 * that opens the terminal, sets limits, goes home, puts the environment in order and becomes the
 * program.
 *
 * <p>What a client chose (its command line and environment) goes there in variables named {@code
 * TAPEDECK_n}: not as arguments, which every user of the host may read in a process list, and not
 * under their own names, which would mean something to the steps before that run with more rights
 * ({@code LD_PRELOAD}).
 */
public final class LaunchScript {

  /** Where programs are looked for. */
  public static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

  /** A shell's own variables: some cannot be set, some would change how this script runs. */
  private static final Set<String> SHELLS_OWN =
      Set.of(
          "_",
          "BASHOPTS",
          "BASH_VERSINFO",
          "EUID",
          "IFS",
          "OLDPWD",
          "OPTIND",
          "PPID",
          "PWD",
          "SHELLOPTS",
          "SHLVL",
          "UID");

  private final StringBuilder script = new StringBuilder();
  private final List<Bytes> carrier = new ArrayList<>();

  private LaunchScript() {}

  /**
   * Writes the script for one program.
   *
   * @param shell the user's shell, an absolute path
   * @param home the user's home folder
   * @param terminal the terminal's path where the program runs, or null for the pipes as they are
   * @param ulimits the limits to set with ulimit
   * @param sftpServer the command that the shell executes for SFTP
   * @throws SandboxException if the specification holds something that no program can be given
   */
  public static LaunchScript of(
      ProcessSpec spec,
      String shell,
      String home,
      @Nullable String terminal,
      Ulimits ulimits,
      SftpServer sftpServer)
      throws SandboxException {
    spec.requireNoZeros();
    LaunchScript launch = new LaunchScript();
    if (terminal != null) {
      // The first terminal that a session's leader opens becomes the session's own.
      launch.line("exec <>" + terminal + " >&0 2>&0 || exit 126");
    }
    launch.limit(ulimits);
    launch.environment(spec, shell, home, terminal);
    launch.line("cd \"$HOME\" 2>/dev/null || cd /");
    launch.line("unset PWD OLDPWD SHLVL");
    launch.line("echo begun >&" + Spawn.BEGUN + "; exec " + Spawn.BEGUN + ">&-");
    switch (spec.program()) {
      case ProcessSpec.Program.LoginShell _ -> launch.login(shell);
      case ProcessSpec.Program.Command(Bytes line) -> {
        String variable = launch.carry(line);
        launch.line("line=$" + variable + "; unset " + variable);
        launch.line("exec " + shell + " -c \"$line\"");
      }
      case ProcessSpec.Program.Scp scp -> {
        String variable = launch.carry(scp.arguments());
        launch.line("line=$" + variable + "; unset " + variable);
        launch.line("for scp in " + ProcessSpec.SCP + "; do [ -x $scp ] && break; done");
        launch.line("exec /bin/sh -c \"exec $scp$line\"");
      }
      case ProcessSpec.Program.Sftp _ -> launch.line("exec " + sftpServer.command());
    }
    return launch;
  }

  /**
   * Limits of single processes and of a user (setrlimit(2)), 0 for none.
   *
   * @param openFiles of each process
   * @param processes of the user, in a user namespace only those inside of it
   * @param dataBytes of each process's private memory
   */
  public record Ulimits(int openFiles, int processes, long dataBytes) {
    public static final Ulimits NONE = new Ulimits(0, 0, 0);
  }

  /** What to execute for SFTP; asked for only when it is needed, as there may be none. */
  @FunctionalInterface
  public interface SftpServer {
    String command() throws SandboxException;
  }

  /** Opens a terminal as the client asked for it. */
  public static Pty terminal(Pty pty, TerminalSpec spec) throws IOException {
    try {
      pty.modes(spec.modes());
      TerminalSize size = spec.size();
      pty.resize(size);
      return pty;
    } catch (IOException e) {
      pty.close();
      throw e;
    }
  }

  /**
   * Starts it.
   *
   * @param command what becomes {@link #command}, or that itself
   */
  public Child start(List<String> command) throws IOException {
    return start(command, List.of());
  }

  /**
   * The same with variables for the steps before, which must take them out again.
   *
   * @param more {@code NAME=value} each
   */
  public Child start(List<String> command, List<Bytes> more) throws IOException {
    List<Bytes> all = environment();
    all.addAll(more);
    return Child.launch(command, all);
  }

  /** The shell and its arguments. */
  public List<String> command() {
    List<String> command = new ArrayList<>();
    // Only bash can start a program under another name, and a login shell's begins with a dash.
    command.add(script.indexOf("exec -a ") >= 0 ? "/bin/bash" : "/bin/sh");
    command.add("-c");
    command.add(script.toString());
    return command;
  }

  /**
   * The whole environment to start {@link #command} with, however many steps are before it: {@code
   * NAME=value} each.
   */
  public List<Bytes> environment() {
    List<Bytes> environment = new ArrayList<>(carrier);
    environment.add(Bytes.of("PATH=" + PATH));
    return environment;
  }

  private void login(String shell) {
    line(shell.endsWith("/bash") ? "exec -a -bash " + shell : "exec " + shell + " -l");
  }

  private void limit(Ulimits ulimits) {
    line("ulimit -c 0");
    if (ulimits.openFiles() > 0) {
      line("ulimit -n " + ulimits.openFiles());
    }
    if (ulimits.processes() > 0) {
      // dash calls it -p, and bash something else by that name.
      line("ulimit -u " + ulimits.processes() + " 2>/dev/null || ulimit -p " + ulimits.processes());
    }
    if (ulimits.dataBytes() > 0) {
      line("ulimit -d " + ulimits.dataBytes() / 1024);
    }
  }

  private void environment(ProcessSpec spec, String shell, String home, @Nullable String path)
      throws SandboxException {
    Map<String, Bytes> all = new LinkedHashMap<>();
    all.put("HOME", Bytes.of(home));
    all.put("USER", Bytes.of(spec.user()));
    all.put("LOGNAME", Bytes.of(spec.user()));
    all.put("SHELL", Bytes.of(shell));
    all.put("PATH", Bytes.of(PATH));
    TerminalSpec terminal = spec.terminal();
    if (terminal != null && !terminal.type().isBlank()) {
      all.put("TERM", Bytes.of(terminal.type()));
    }
    all.putAll(spec.environment());
    if (path != null) {
      all.put("SSH_TTY", Bytes.of(path));
    }
    for (Map.Entry<String, Bytes> variable : all.entrySet()) {
      if (!SHELLS_OWN.contains(variable.getKey())) {
        export(variable.getKey(), variable.getValue());
      }
    }
  }

  private void export(String name, Bytes value) throws SandboxException {
    if (!NAME.matcher(name).matches()) {
      throw new SandboxException("'" + name + "' cannot be the name of an environment variable");
    }
    String variable = carry(value);
    line("export " + name + "=\"$" + variable + "\"; unset " + variable);
  }

  private String carry(Bytes value) {
    String variable = "TAPEDECK_" + carrier.size();
    byte[] name = (variable + "=").getBytes(StandardCharsets.US_ASCII);
    byte[] entry = Arrays.copyOf(name, name.length + value.length());
    System.arraycopy(value.array(), value.offset(), entry, name.length, value.length());
    carrier.add(Bytes.of(entry));
    return variable;
  }

  private void line(String text) {
    script.append(text).append('\n');
  }
}
