package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxLimits;
import java.time.Duration;

/**
 * What sandboxes of the docker engine are made of.
 *
 * @param socket the engine's; Docker's, or Podman's compatible one
 * @param image the image's name, with a tag or without; it has a {@code /bin/sh}, and a folder
 *     {@code /home/sandbox}
 * @param limits what one sandbox may use. Its folders lie in memory; home and /tmp may each hold
 *     {@link SandboxLimits#diskBytes}, and what both hold beyond that is the programs' memory
 * @param uid the user and group that programs run as, by number, from 1; never root nor nobody
 * @param hostname what {@code hostname} says inside
 * @param timeout how long one answer of the engine may take, at most 10 minutes
 */
public record DockerOptions(
    EngineSocket socket,
    String image,
    SandboxLimits limits,
    int uid,
    String hostname,
    Duration timeout) {

  /** What {@code deploy/sandbox/build} makes. */
  public static final String DEFAULT_IMAGE = "tapedeck-sandbox";

  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

  /** The default limits and the image of {@code deploy/sandbox/build}. */
  public static final DockerOptions DEFAULTS =
      new DockerOptions(
          EngineSocket.at(EngineSocket.DOCKER),
          DEFAULT_IMAGE,
          SandboxLimits.DEFAULT,
          1000,
          "sandbox",
          Duration.ofSeconds(30));

  public DockerOptions {
    check(!image.isBlank(), "the sandbox image's name must not be empty");
    check(
        uid > 0 && uid != ContainerSpec.NOBODY,
        "the sandbox's user must be a number above 0 (root) and not nobody's, not " + uid);
    check(
        hostname.matches("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"),
        "\"" + hostname + "\" is no host name of letters, digits and hyphens");
    check(
        timeout.isPositive() && timeout.compareTo(MAX_TIMEOUT) <= 0,
        "the engine's timeout must be above 0 and at most " + MAX_TIMEOUT.toSeconds() + " s");
  }

  /** These options with another socket. */
  public DockerOptions withSocket(EngineSocket socket) {
    return new DockerOptions(socket, image, limits, uid, hostname, timeout);
  }

  /** These options with another image. */
  public DockerOptions withImage(String image) {
    return new DockerOptions(socket, image, limits, uid, hostname, timeout);
  }

  /** These options with another user for programs. */
  public DockerOptions withUid(int uid) {
    return new DockerOptions(socket, image, limits, uid, hostname, timeout);
  }

  /** These options with other limits. */
  public DockerOptions withLimits(SandboxLimits limits) {
    return new DockerOptions(socket, image, limits, uid, hostname, timeout);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
