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

  private static final double WORKING_CPUS = 2;
  private static final long WORKING_MEMORY = 2048 * MIB;
  private static final int WORKING_PROCESSES = 512;
  private static final long WORKING_DISK = 1024 * MIB;

  /** What a sandbox gets on this machine when nobody says. */
  public static final SandboxLimits DEFAULT = on(Machine.here());

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

  /**
   * Enough for a coding agent with its compilers and language servers, and no more than the machine
   * has. Writable folders lie in memory, so they get half of it at most, as the kernel has it for a
   * tmpfs of its own (tmpfs(5)).
   */
  static SandboxLimits on(Machine machine) {
    return new SandboxLimits(
        Math.max(16 * MIB, Math.min(WORKING_MEMORY, machine.memoryBytes())),
        Math.min(WORKING_CPUS, machine.processors()),
        Math.min(WORKING_PROCESSES, machine.processes()),
        Math.max(MIB, Math.min(WORKING_DISK, machine.memoryBytes() / 2)),
        262_144,
        4_096);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("a sandbox's " + message);
    }
  }
}
