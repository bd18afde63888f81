package dev.tapedeck.ssh;

import java.time.Duration;

/**
 * How much the SSH gateway takes upon itself. Each has a key of the same name in the configuration.
 *
 * @param maxConnections how many clients at once, logged in or not yet; further ones are turned
 *     away
 * @param maxConnectionsPerSource how many of them from one address; of IPv6, from one /64
 * @param maxUnauthenticated how many of them that have not logged in; for a further one, the one
 *     goes that has waited longest of the address with the most
 * @param maxChannels how many channels at once on one connection; further ones are refused
 * @param maxAuthTries how many attempts to log in may fail on one connection
 * @param loginGraceTime how long a client may take to log in
 */
public record SshLimits(
    int maxConnections,
    int maxConnectionsPerSource,
    int maxUnauthenticated,
    int maxChannels,
    int maxAuthTries,
    Duration loginGraceTime) {

  /** The highest of what counts clients. */
  public static final int MOST_CONNECTIONS = 100_000;

  public static final int MOST_CHANNELS = 1_000;
  public static final int MOST_AUTH_TRIES = 100;

  /** A source has half of what there is; as many channels as a person with many windows has. */
  public static final SshLimits DEFAULT =
      new SshLimits(1000, 500, 100, 64, 6, Duration.ofMinutes(2));

  public SshLimits {
    within("max_connections", maxConnections, MOST_CONNECTIONS);
    within("max_connections_per_source", maxConnectionsPerSource, MOST_CONNECTIONS);
    within("max_unauthenticated", maxUnauthenticated, MOST_CONNECTIONS);
    within("max_channels", maxChannels, MOST_CHANNELS);
    within("max_auth_tries", maxAuthTries, MOST_AUTH_TRIES);
    if (!loginGraceTime.isPositive()) {
      throw new IllegalArgumentException(
          "login_grace_time is longer than nothing, not " + loginGraceTime);
    }
  }

  private static void within(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + " is 1 to " + most + ", not " + value);
    }
  }
}
