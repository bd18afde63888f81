package dev.tapedeck.sandbox.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this process's own control groups are (cgroups(7), proc_pid_mountinfo(5)). */
final class CgroupMounts {

  private static final Logger LOG = LoggerFactory.getLogger(CgroupMounts.class);

  private CgroupMounts() {}

  /** The gateway's own group in the v1 hierarchy of a controller. */
  static Optional<Path> v1(String controller) {
    return find("cgroup", controller, controller);
  }

  /**
   * The v2 group in which the gateway may make others: its own where nothing else runs in it
   * (systemd with {@code Delegate=yes}, a container), else the first of all, which only root can
   * use.
   */
  static Optional<Path> v2Delegated() {
    Optional<Path> own = find("cgroup2", "", "");
    if (own.isPresent() && Files.isWritable(own.get()) && movedAside(own.get())) {
      return own;
    }
    return mount("cgroup2", "").map(Mount::at).filter(Files::isWritable);
  }

  /** Lets the groups below {@code parent} have controllers; which of the wanted ones they have. */
  static List<String> enable(Path parent) {
    Path group = parent.getParent();
    if (group == null) {
      return List.of();
    }
    for (Path folder : List.of(group, parent)) {
      for (String controller : Cgroups.WANTED) {
        try {
          Files.writeString(folder.resolve("cgroup.subtree_control"), "+" + controller);
        } catch (IOException e) {
          LOG.debug("no {} for groups in {}: {}", controller, folder, e.toString());
        }
      }
    }
    return Cgroups.WANTED.stream()
        .filter(words(parent.resolve("cgroup.subtree_control"))::contains)
        .toList();
  }

  /** A v2 group with controllers for others must have no process itself, unless it is the root. */
  private static boolean movedAside(Path own) {
    if (!Files.exists(own.resolve("cgroup.type"))) {
      return true; // the root of all has no type
    }
    try {
      String self = Long.toString(ProcessHandle.current().pid());
      if (!Files.readAllLines(own.resolve("cgroup.procs")).equals(List.of(self))) {
        return false;
      }
      Path aside = own.resolve("gateway");
      if (!Files.isDirectory(aside)) {
        Files.createDirectory(aside);
      }
      Files.writeString(aside.resolve("cgroup.procs"), self);
      return true;
    } catch (IOException e) {
      LOG.debug("the control group {} is not the gateway's: {}", own, e.toString());
      return false;
    }
  }

  private static Optional<Path> find(String type, String option, String controller) {
    return mount(type, option).flatMap(mount -> ownPath(controller).map(mount::locate));
  }

  /**
   * A mounted hierarchy.
   *
   * @param root which folder of the hierarchy is mounted
   */
  private record Mount(String root, Path at) {
    /** Where a group of the hierarchy is seen here. */
    Path locate(String group) {
      boolean below = root.equals("/") || group.equals(root) || group.startsWith(root + "/");
      String relative = below && !root.equals("/") ? group.substring(root.length()) : group;
      Path found = at.resolve(relative.replaceFirst("^/+", ""));
      return Files.isDirectory(found) ? found : at;
    }
  }

  private static Optional<Mount> mount(String type, String option) {
    for (String line : lines("/proc/self/mountinfo")) {
      List<String> fields = Arrays.asList(line.split(" "));
      int dash = fields.indexOf("-");
      boolean matches =
          dash > 4
              && fields.get(dash + 1).equals(type)
              && (option.isEmpty() || Arrays.asList(fields.getLast().split(",")).contains(option));
      if (matches) {
        return Optional.of(new Mount(fields.get(3), Path.of(fields.get(4))));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ownPath(String controller) {
    for (String line : lines("/proc/self/cgroup")) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && Arrays.asList(fields[1].split(",")).contains(controller)) {
        return Optional.of(fields[2]);
      }
    }
    return Optional.empty();
  }

  private static List<String> words(Path file) {
    try {
      return Arrays.asList(Files.readString(file).strip().split(" "));
    } catch (IOException _) {
      return List.of(); // no such file: no controllers
    }
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      LOG.debug("cannot read {}", file, e);
      return List.of();
    }
  }
}
