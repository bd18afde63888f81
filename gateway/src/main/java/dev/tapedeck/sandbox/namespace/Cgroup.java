package dev.tapedeck.sandbox.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sandbox's control groups: with cgroup v2 one folder, with v1 one for each controller. */
record Cgroup(List<Path> folders) {

  private static final Logger LOG = LoggerFactory.getLogger(Cgroup.class);

  /** A group can be removed when its last process is reaped, some milliseconds after its death. */
  private static final long REMOVE_MILLIS = 3_000;

  private static final long RETRY_MILLIS = 5;

  /** Files that a process joins by writing its id to them. */
  List<String> joins() {
    return folders.stream().map(f -> f.resolve("cgroup.procs").toString()).toList();
  }

  /**
   * Processes that must die need processor time for it; under a spent quota they would get it drop
   * by drop.
   */
  void unthrottle() {
    for (Path folder : folders) {
      write(folder.resolve("cpu.cfs_quota_us"), "-1");
      write(folder.resolve("cpu.max"), "max");
    }
  }

  /** Removes the groups, which must be empty or about to be. */
  void remove() throws InterruptedException {
    long giveUp = System.nanoTime() + REMOVE_MILLIS * 1_000_000;
    for (Path folder : folders) {
      while (!removed(folder)) {
        if (System.nanoTime() > giveUp) {
          LOG.warn("cannot remove the control group {}: it still has processes", folder);
          break;
        }
        Thread.sleep(RETRY_MILLIS);
      }
    }
  }

  private static boolean removed(Path folder) {
    try {
      Files.deleteIfExists(folder); // rmdir(2): its files go with it
      return true;
    } catch (IOException _) {
      return false; // still busy: the caller tries again and says so in the end
    }
  }

  private static void write(Path file, String value) {
    if (Files.exists(file)) {
      try {
        Files.writeString(file, value);
      } catch (IOException e) {
        LOG.warn("cannot write {} to {}", value, file, e);
      }
    }
  }
}
