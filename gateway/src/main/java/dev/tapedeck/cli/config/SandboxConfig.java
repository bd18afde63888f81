package dev.tapedeck.cli.config;

import dev.tapedeck.sandbox.FolderRules;
import dev.tapedeck.sandbox.PoolOptions;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.sandbox.docker.DockerOptions;
import dev.tapedeck.sandbox.docker.EngineSocket;
import java.nio.file.Path;
import java.util.List;

/**
 * Where sessions run.
 *
 * @param pool how many sandboxes wait ready, 0 to 1000
 * @param memory bytes that the programs of one sandbox may use in all, 16 MiB to 1 TiB
 * @param cpus of how many processors' time, 0.05 to 1024
 * @param processes how many may run at once, 8 to 100 000
 * @param disk bytes that may be written to home and /tmp, 1 MiB to 1 TiB
 * @param sharing which connections share one
 * @param mounts folders of the host that they are given
 */
public record SandboxConfig(
    Config.Engine engine,
    int pool,
    long memory,
    double cpus,
    int processes,
    long disk,
    Docker docker,
    Sharing sharing,
    Home home,
    List<FolderRules.Rule> mounts) {

  static final int MAX_POOL = 1_000;
  static final long MIN_MEMORY = 16L << 20;
  static final long MAX_MEMORY = 1L << 40;
  static final double MIN_CPUS = 0.05;
  static final double MAX_CPUS = 1_024;
  static final int MIN_PROCESSES = 8;
  static final int MAX_PROCESSES = 100_000;
  static final long MIN_DISK = 1L << 20;
  static final long MAX_DISK = 1L << 40;

  public SandboxConfig {
    mounts = List.copyOf(mounts);
  }

  /** What becomes of a home folder. */
  public enum Home {
    /** It goes with its sandbox. */
    TEMPORARY,
    /** Each user has one, which stays. */
    KEPT
  }

  /**
   * Where kept homes lie. A sandbox of root's gateway reaches them with the rights of its own user,
   * who passes neither root's home nor the data folder.
   */
  public FolderRules folders(Path data, boolean root) {
    Path homes = root ? Path.of("/var/lib/tapedeck/homes") : data.resolve("homes");
    return new FolderRules(home == Home.KEPT ? homes : null, mounts);
  }

  /**
   * The container engine.
   *
   * @param socket where it listens
   * @param image what sandboxes are made of
   */
  public record Docker(EngineSocket socket, String image) {}

  static SandboxConfig defaults(Environment surroundings) {
    SandboxLimits limits = SandboxLimits.DEFAULT;
    return new SandboxConfig(
        Config.Engine.NAMESPACE,
        PoolOptions.DEFAULT.size(),
        limits.memoryBytes(),
        limits.cpus(),
        limits.processes(),
        limits.diskBytes(),
        new Docker(EngineSocket.find(surroundings.environment()), DockerOptions.DEFAULT_IMAGE),
        Sharing.NONE,
        Home.TEMPORARY,
        List.of());
  }
}
