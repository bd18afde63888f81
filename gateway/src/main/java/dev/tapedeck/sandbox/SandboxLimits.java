package dev.tapedeck.sandbox;

/**
 * What one sandbox may use.
 *
 * @param memoryBytes what its programs may use, at least 16 MiB. Where the engine keeps files in
 *     memory (tmpfs), they count too: the sandbox as a whole is then limited to {@code memoryBytes
 *     + diskBytes}, so that a full disk does not take the programs' share
 * @param cpus how many processors' time, 0.05 to 1024
 * @param processes how many processes and threads, 8 to 100,000, the engine's own few among them
 * @param diskBytes what all its writable folders may hold together, at least 1 MiB
 * @param inodes how many files and folders they may hold, at least 100
 * @param openFiles how many files one process may have open, 64 to 1,048,576
 */
public record SandboxLimits(
    long memoryBytes, double cpus, int processes, long diskBytes, int inodes, int openFiles) {

  private static final long MIB = 1024 * 1024;

  /** What a sandbox gets when nobody says. */
  public static final SandboxLimits DEFAULT =
      new SandboxLimits(256 * MIB, 0.5, 100, 256 * MIB, 65_536, 4_096);

  public SandboxLimits {
    require(memoryBytes >= 16 * MIB, "memory must be at least 16 MiB, not " + memoryBytes);
    require(cpus >= 0.05 && cpus <= 1024, "cpus must be from 0.05 to 1024, not " + cpus);
    require(
        processes >= 8 && processes <= 100_000,
        "processes must be from 8 to 100000, not " + processes);
    require(diskBytes >= MIB, "disk must be at least 1 MiB, not " + diskBytes);
    require(inodes >= 100, "inodes must be at least 100, not " + inodes);
    require(
        openFiles >= 64 && openFiles <= 1_048_576,
        "open files must be from 64 to 1048576, not " + openFiles);
    Math.addExact(memoryBytes, diskBytes);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("a sandbox's " + message);
    }
  }
}
