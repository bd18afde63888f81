package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.event.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How programs get into a sandbox on this machine: through {@code enter.pl}, with a filter of
 * system calls and no capability in the bounding set; or through nsenter, without either, and then
 * there is a reason.
 *
 * @param perl where Perl is; null if there is a reason
 * @param numbersAndFilter what {@code enter.pl} reads
 * @param missing why there is no filter, as the end of a sentence
 */
record Wall(@Nullable String perl, String numbersAndFilter, Optional<String> missing) {

  private static final String SCRIPT = Init.script("enter.pl");

  /** The variables that hold the script (as an argument, it would fill {@code ps}) and the rest. */
  private static final String ENTER = "TAPEDECK_ENTER";

  private static final String NUMBERS_AND_FILTER = "TAPEDECK_WALL";

  private static final Path ACTIONS = Path.of("/proc/sys/kernel/seccomp/actions_avail");

  /** What this machine allows. */
  static Wall here() {
    return of(System.getProperty("os.arch"), Commands.find("perl"), ACTIONS);
  }

  static Wall of(String architecture, Optional<String> perl, Path actions) {
    Optional<SystemCalls> calls = SystemCalls.of(architecture);
    if (calls.isEmpty()) {
      return none("none is known for the processor architecture " + architecture);
    }
    if (!available(actions)) {
      return none("the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER, Linux 4.14 or newer)");
    }
    return perl.isEmpty()
        ? none("Perl, which installs it, is not there: install perl (Debian: perl-base)")
        : new Wall(perl.get(), numbersAndFilter(calls.get()), Optional.empty());
  }

  private static Wall none(String reason) {
    return new Wall(null, "", Optional.of(reason));
  }

  private static boolean available(Path actions) {
    try {
      List<String> all = Arrays.asList(Files.readString(actions).strip().split(" "));
      return all.containsAll(List.of("kill_process", "errno", "allow"));
    } catch (IOException _) {
      return false; // the kernel has no such file: it has no filters
    }
  }

  private static String numbersAndFilter(SystemCalls calls) {
    String numbers =
        Stream.of(
                "prctl",
                "setns",
                "seccomp",
                "prlimit64",
                "setgroups",
                "setresgid",
                "setresuid",
                "setsid")
            .map(name -> Integer.toString(calls.number(name)))
            .collect(Collectors.joining(" "));
    return numbers + " " + HexFormat.of().formatHex(SeccompFilter.of(calls));
  }

  /** Runs {@code program} in the sandbox of {@code init}, in a session of its own. */
  List<String> enter(@Nullable Integer hostId, List<String> joins, int init, List<String> program) {
    if (perl == null) {
      return Commands.enter(hostId, joins, init, program);
    }
    List<String> command = new ArrayList<>(List.of(perl, "-e"));
    command.add("eval delete $ENV{" + ENTER + "}; die $@");
    command.add(Integer.toString(init));
    command.add(hostId == null ? "-" : hostId.toString());
    command.addAll(joins);
    command.add("--");
    command.addAll(program);
    return command;
  }

  /** What {@link #enter} needs besides the program's own environment. */
  List<Bytes> environment() {
    return perl == null
        ? List.of()
        : List.of(variable(ENTER, SCRIPT), variable(NUMBERS_AND_FILTER, numbersAndFilter));
  }

  private static Bytes variable(String name, String value) {
    return Bytes.of((name + "=" + value).getBytes(StandardCharsets.UTF_8));
  }
}
