package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.posix.ProcessTree;
import dev.tapedeck.sandbox.posix.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups that the gateway may make on this machine (Linux's admin guide, cgroup-v1 and
 * cgroup-v2). Each sandbox gets one below a folder {@code tapedeck}; its name holds the gateway's
 * process id and start, by which a later gateway knows what a killed one left.
 *
 * @param parents the folder {@code tapedeck} for each controller that can be used; the same folder
 *     for all with v2
 */
record Cgroups(Map<String, Path> parents, boolean v2) {

  private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);

  static final List<String> WANTED = List.of("memory", "cpu", "pids");

  /** What a processor share is counted over. */
  private static final int CPU_PERIOD_MICROS = 100_000;

  /** Finds what there is and makes the parents. */
  static Cgroups discover() {
    Map<String, Path> parents = new LinkedHashMap<>();
    for (String controller : WANTED) {
      CgroupMounts.v1(controller)
          .flatMap(Cgroups::parent)
          .ifPresent(parent -> parents.put(controller, parent));
    }
    if (!parents.isEmpty()) {
      return new Cgroups(parents, false);
    }
    Optional<Path> unified = CgroupMounts.v2Delegated().flatMap(Cgroups::parent);
    unified.ifPresent(
        parent -> CgroupMounts.enable(parent).forEach(name -> parents.put(name, parent)));
    return new Cgroups(parents, true);
  }

  private static Optional<Path> parent(Path group) {
    Path parent = group.resolve("tapedeck");
    try {
      if (!Files.isDirectory(parent)) {
        Files.createDirectory(parent);
      }
      return Files.isWritable(parent) ? Optional.of(parent) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("no control groups in {}: {}", group, e.toString());
      return Optional.empty();
    }
  }

  boolean limits(String controller) {
    return parents.containsKey(controller);
  }

  /** A new group with the limits that the machine's controllers can hold. */
  Cgroup create(String id, SandboxLimits limits) throws IOException {
    String name = ProcessHandle.current().pid() + "-" + started("self") + "-" + id;
    List<Path> folders = parents.values().stream().distinct().map(p -> p.resolve(name)).toList();
    List<Path> made = new ArrayList<>();
    try {
      for (Path folder : folders) {
        Files.createDirectory(folder);
        made.add(folder);
      }
      for (Map.Entry<String, Path> parent : parents.entrySet()) {
        limit(parent.getKey(), parent.getValue().resolve(name), limits);
      }
      return new Cgroup(folders);
    } catch (IOException e) {
      for (Path folder : made) {
        Files.deleteIfExists(folder);
      }
      throw new SandboxException("cannot make a control group: " + e.getMessage(), e);
    }
  }

  private void limit(String controller, Path folder, SandboxLimits limits) throws IOException {
    String memory = Long.toString(limits.memoryBytes() + limits.diskBytes());
    String quota = Long.toString(Math.round(limits.cpus() * CPU_PERIOD_MICROS));
    switch (controller) {
      case "memory" -> {
        Files.writeString(folder.resolve(v2 ? "memory.max" : "memory.limit_in_bytes"), memory);
        // Swap would be memory beyond the limit; kernels without swap do not have the file.
        Path swap = folder.resolve(v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
        if (Files.exists(swap)) {
          Files.writeString(swap, v2 ? "0" : memory);
        }
      }
      case "cpu" -> {
        if (v2) {
          Files.writeString(folder.resolve("cpu.max"), quota + " " + CPU_PERIOD_MICROS);
        } else {
          Files.writeString(
              folder.resolve("cpu.cfs_period_us"), Integer.toString(CPU_PERIOD_MICROS));
          Files.writeString(folder.resolve("cpu.cfs_quota_us"), quota);
        }
      }
      case "pids" ->
          Files.writeString(folder.resolve("pids.max"), Integer.toString(limits.processes()));
      default -> throw new IllegalArgumentException(controller);
    }
  }

  /** Removes the groups of gateways that are no more, and kills what may be left in them. */
  void sweep() {
    for (Path parent : parents.values().stream().distinct().toList()) {
      try (Stream<Path> groups = Files.list(parent)) {
        groups.filter(Files::isDirectory).filter(Cgroups::abandoned).forEach(Cgroups::removeGroup);
      } catch (IOException e) {
        LOG.warn("cannot look for old control groups in {}", parent, e);
      }
    }
  }

  private static boolean abandoned(Path group) {
    String[] name = group.getFileName().toString().split("-", 3);
    return name.length == 3 && !started(name[0]).equals(name[1]);
  }

  private static void removeGroup(Path group) {
    try {
      for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
        ProcessTree.signal(Integer.parseInt(pid), Signals.KILL);
      }
      new Cgroup(List.of(group)).remove();
      LOG.info("removed the control group {} of a gateway that was killed", group.getFileName());
    } catch (IOException e) {
      LOG.warn("cannot remove the old control group {}", group, e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** When a process started, in clock ticks since the machine did; "gone" if there is none. */
  private static String started(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name, in parentheses, may hold anything; field 22 is the 20th after it.
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    } catch (IOException _) {
      return "gone";
    }
  }
}
