package dev.tapedeck.sandbox.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gateway that a container belongs to, so that what a crashed one left behind can be told from
 * what a living one uses.
 *
 * <p>A process id alone is no name: ids come again, after a restart of the machine too, and mean
 * something else in another PID namespace.
 *
 * @param boot the kernel's boot id
 * @param namespace the inode of the PID namespace in which {@code pid} counts
 * @param started the process's start, in clock ticks since boot
 */
record ContainerOwner(String boot, String namespace, long pid, long started) {

  /** The label that names a container's owner. */
  static final String LABEL = "dev.tapedeck.owner";

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f-]{36})\\.([0-9]{1,20})\\.([0-9]{1,10})\\.([0-9]{1,18})");

  /** Field 22 of {@code /proc/PID/stat} (proc(5)), counted behind the command's name. */
  private static final int START_TIME_FIELD = 19;

  /** This process. */
  static ContainerOwner self() throws IOException {
    long pid = ProcessHandle.current().pid();
    String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    return new ContainerOwner(
        Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
        namespace.replaceAll("[^0-9]", ""),
        pid,
        startTime(pid));
  }

  /** What {@link #LABEL} says on this owner's containers. */
  String label() {
    return boot + "." + namespace + "." + pid + "." + started;
  }

  /**
   * Whether a container was left behind: its owner is known to be gone. Where that cannot be known
   * from here (an owner in another PID namespace or on another machine) it is left alone, unless it
   * has run and ended: nobody needs it then.
   *
   * @param label what the container says of its owner, if anything
   * @param state what the engine says of it: {@code created}, {@code running}, {@code exited}, ...
   */
  boolean leftBehind(@Nullable String label, String state) {
    Matcher their = FORM.matcher(label == null ? "" : label);
    if (their.matches() && boot.equals(their.group(1)) && namespace.equals(their.group(2))) {
      return startTime(Long.parseLong(their.group(3))) != Long.parseLong(their.group(4));
    }
    return state.equals("exited") || state.equals("dead");
  }

  /** When a process started; -1 if there is none. */
  private static long startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[START_TIME_FIELD]);
    } catch (IOException _) {
      // There is no such process: that is the answer.
      return -1;
    }
  }
}
