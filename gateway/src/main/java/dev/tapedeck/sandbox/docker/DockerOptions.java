package dev.tapedeck.sandbox.docker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What sandboxes of the docker engine are made of, and how much they may take.
 *
 * @param socket the engine's Unix socket; Docker's, or Podman's compatible one
 * @param image the image's name, with a tag or without; it has a {@code /bin/sh}, and a folder
 *     {@code /home/sandbox}
 * @param memoryBytes memory of all programs together with their files on tmpfs; no swap beside it
 * @param nanoCpus processor time, in billionths of a processor
 * @param maxProcesses processes and threads at a time
 * @param homeBytes size of the home folder, in memory
 * @param tmpBytes size of {@code /tmp}, in memory
 * @param uid the user and group that everything runs as, by number; never root
 * @param hostname what {@code hostname} says inside
 * @param timeout how long one answer of the engine may take
 */
public record DockerOptions(
    Path socket,
    String image,
    long memoryBytes,
    long nanoCpus,
    int maxProcesses,
    long homeBytes,
    long tmpBytes,
    int uid,
    String hostname,
    Duration timeout) {

  private static final long MIB = 1024 * 1024;

  /** Size of {@code /run} and of {@code /dev/shm}, each, in memory. */
  static final long SMALL_FOLDER_BYTES = 8 * MIB;

  private static final long MIN_MEMORY_BYTES = 16 * MIB;
  private static final long MIN_NANO_CPUS = 10_000_000;

  /** The first process, its sleeping child, and a program with a few children. */
  private static final int MIN_PROCESSES = 8;

  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

  /** Half a processor, 256 MiB, 100 processes; the image of {@code deploy/sandbox/build}. */
  public static final DockerOptions DEFAULTS =
      new DockerOptions(
          Path.of("/var/run/docker.sock"),
          "tapedeck-sandbox",
          256 * MIB,
          500_000_000,
          100,
          64 * MIB,
          64 * MIB,
          1000,
          "sandbox",
          Duration.ofSeconds(30));

  public DockerOptions {
    check(!image.isBlank(), "the image's name must not be empty");
    check(
        memoryBytes >= MIN_MEMORY_BYTES,
        "memory must be at least " + MIN_MEMORY_BYTES + " bytes, not " + memoryBytes);
    check(
        nanoCpus >= MIN_NANO_CPUS,
        "nano-CPUs must be at least " + MIN_NANO_CPUS + ", not " + nanoCpus);
    check(
        maxProcesses >= MIN_PROCESSES,
        "processes must be at least " + MIN_PROCESSES + ", not " + maxProcesses);
    check(homeBytes > 0 && tmpBytes > 0, "the sizes of /home and /tmp must be above 0");
    // Else a full disk would kill programs instead of telling them so.
    check(
        homeBytes + tmpBytes + 2 * SMALL_FOLDER_BYTES < memoryBytes,
        "/home, /tmp, /run and /dev/shm lie in memory and must be smaller than it together");
    check(uid > 0, "the user must be a number above 0 (root), not " + uid);
    check(
        hostname.matches("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"),
        "\"" + hostname + "\" is no host name of letters, digits and hyphens");
    check(
        timeout.isPositive() && timeout.compareTo(MAX_TIMEOUT) <= 0,
        "the timeout must be above 0 and at most " + MAX_TIMEOUT.toSeconds() + " s");
  }

  /**
   * The socket that the value of {@code DOCKER_HOST} leads to.
   *
   * @throws IllegalArgumentException if it is not a Unix socket: {@code unix:///run/docker.sock}
   */
  public static Path socketOf(String dockerHost) {
    if (!dockerHost.startsWith("unix:///")) {
      throw new IllegalArgumentException(
          "DOCKER_HOST is \"" + dockerHost + "\", and must be a Unix socket: unix:///...");
    }
    return Path.of(dockerHost.substring("unix://".length()));
  }

  /** These options with another socket. */
  public DockerOptions withSocket(Path socket) {
    return new DockerOptions(
        socket,
        image,
        memoryBytes,
        nanoCpus,
        maxProcesses,
        homeBytes,
        tmpBytes,
        uid,
        hostname,
        timeout);
  }

  /** These options with another image. */
  public DockerOptions withImage(String image) {
    return new DockerOptions(
        socket,
        image,
        memoryBytes,
        nanoCpus,
        maxProcesses,
        homeBytes,
        tmpBytes,
        uid,
        hostname,
        timeout);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
