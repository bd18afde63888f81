package dev.tapedeck.sandbox.posix;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** What a process has started, from procfs (proc_pid_task(5), {@code children}). */
public final class ProcessTree {

  /** More than any limit on processes lets a sandbox have; a bound for a loop, not a rule. */
  private static final int MOST = 10_000;

  private ProcessTree() {}

  /** The children of a process; none if it has ended. */
  public static List<Integer> children(int pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
      return Arrays.stream(line.split(" "))
          .filter(s -> !s.isBlank())
          .map(Integer::valueOf)
          .toList();
    } catch (IOException _) {
      return List.of(); // ended meanwhile
    }
  }

  /** All that descends from a process, parents first, without itself. */
  public static List<Integer> descendants(int pid) {
    List<Integer> found = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>(children(pid));
    while (!open.isEmpty() && found.size() < MOST) {
      int next = open.removeFirst();
      found.add(next);
      open.addAll(children(next));
    }
    return found;
  }

  /**
   * The members of a session (setsid(2)); none where its leader, already reaped, has a successor
   * with the same number, as that is only possible when the session is empty.
   *
   * @param leaderReaped whether the leader is known to be gone
   */
  public static List<Integer> session(int leader, boolean leaderReaped) {
    if (leaderReaped && Files.exists(Path.of("/proc/" + leader))) {
      return List.of();
    }
    String[] names = new File("/proc").list((_, name) -> Character.isDigit(name.charAt(0)));
    if (names == null) {
      return List.of();
    }
    return Arrays.stream(names)
        .map(Integer::valueOf)
        .filter(pid -> sessionOf(pid) == leader)
        .toList();
  }

  private static int sessionOf(int pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name, in parentheses, may hold anything; the session is the fourth field after it.
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5)[3]);
    } catch (IOException _) {
      return -1; // ended meanwhile
    }
  }

  /**
   * Signals a process's group, or itself where it leads none.
   *
   * @return false if it has ended
   */
  public static boolean signalGroup(int pid, int signal) {
    return Libc.kill(-pid, signal) >= 0 || Libc.kill(pid, signal) >= 0;
  }

  /**
   * Signals one process.
   *
   * @return false if there is none, or for 0 or less, which would be whole groups; a control group
   *     lists processes that cannot be seen from here as 0
   */
  public static boolean signal(int pid, int signal) {
    return pid > 0 && Libc.kill(pid, signal) >= 0;
  }
}
