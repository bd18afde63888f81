package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.posix.LaunchScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The command lines that make a sandbox and start programs in it. All paths are absolute. */
final class Commands {

  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

  /** What runs on the host's side sees nothing of the gateway's environment. */
  static final Map<String, String> ENVIRONMENT = Map.of("PATH", LaunchScript.PATH, "LC_ALL", "C");

  /** Joins control groups, whose files come before "--", and becomes the rest. No core dumps. */
  private static final String JOIN =
      "ulimit -c 0; while [ \"$1\" != -- ]; do echo $$ >\"$1\" || exit 125; shift; done; shift;"
          + " exec \"$@\"";

  private static final List<String> NAMESPACES =
      List.of("--user", "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup");

  private Commands() {}

  /** Where a program of the host is, if it has it. */
  static Optional<String> find(String name) {
    return FOLDERS.stream()
        .map(f -> f + "/" + name)
        .filter(p -> Files.isExecutable(Path.of(p)))
        .findFirst();
  }

  /**
   * The variable that holds the first process's script: as an argument, it would fill {@code ps}.
   */
  private static final String SCRIPT = "TAPEDECK_INIT";

  /** The environment for {@link #create}. */
  static Map<String, String> creating(String script) {
    return Map.of("PATH", LaunchScript.PATH, "LC_ALL", "C", SCRIPT, script);
  }

  /**
   * Runs the script as the first process of new namespaces.
   *
   * @param parent a process in whose user namespace they are made; empty for the gateway's own
   */
  static List<String> create(
      @Nullable Integer hostId, List<String> joins, OptionalInt parent, List<String> arguments) {
    List<String> command = within(hostId, joins, parent);
    command.addAll(List.of(found("unshare"), "--map-user=1000", "--map-group=1000", "--keep-caps"));
    command.addAll(NAMESPACES);
    command.addAll(List.of("--fork", "--kill-child", "--", "/bin/sh", "-c"));
    command.addAll(List.of("eval \"$" + SCRIPT + "\"", "tapedeck-sandbox"));
    command.addAll(arguments);
    return command;
  }

  /**
   * Runs {@code program} in the namespaces of {@code init}, in a session of its own. The
   * capabilities that joining a user namespace gives are gone with the next exec, as the user is
   * not root there and nothing inherits them (capabilities(7)).
   */
  static List<String> enter(
      @Nullable Integer hostId, List<String> joins, int init, List<String> program) {
    List<String> command = outside(hostId, joins);
    command.addAll(List.of(found("nsenter"), "--target", Integer.toString(init)));
    command.addAll(NAMESPACES);
    command.addAll(List.of("--preserve-credentials", "--", found("setsid")));
    command.addAll(program);
    return command;
  }

  /** Says that it is up, in a network namespace, and stays until its input ends. */
  static List<String> network(@Nullable Integer hostId, OptionalInt parent) {
    List<String> command = within(hostId, List.of(), parent);
    command.addAll(List.of(found("unshare"), "--user", "--map-user=1000", "--map-group=1000"));
    command.addAll(List.of("--keep-caps", "--net", "--", "/bin/sh", "-c", "echo up; read -r _"));
    return command;
  }

  /**
   * Becomes the rest as an ordinary user of that namespace: the next exec drops what joining gave.
   */
  private static List<String> within(
      @Nullable Integer hostId, List<String> joins, OptionalInt parent) {
    List<String> command = outside(hostId, joins);
    if (parent.isPresent()) {
      command.addAll(List.of(found("nsenter"), "--user", "--preserve-credentials"));
      command.addAll(List.of("--target", Integer.toString(parent.getAsInt()), "--"));
    }
    return command;
  }

  /** Runs a program of the host outside of all sandboxes with the rights of one. */
  static List<String> outside(
      @Nullable Integer hostId, List<String> joins, String program, List<String> arguments) {
    List<String> command = outside(hostId, joins);
    command.add(found(program));
    command.addAll(arguments);
    return command;
  }

  private static List<String> outside(@Nullable Integer hostId, List<String> joins) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "sh"));
    command.addAll(joins);
    command.add("--");
    command.addAll(List.of(found("setpriv"), "--no-new-privs"));
    command.addAll(List.of("--inh-caps=-all", "--ambient-caps=-all"));
    if (hostId != null) {
      String id = hostId.toString();
      command.addAll(List.of("--reuid", id, "--regid", id, "--clear-groups"));
    }
    command.add("--");
    return command;
  }

  private static String found(String name) {
    return find(name).orElse("/usr/bin/" + name);
  }
}
