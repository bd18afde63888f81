package dev.tapedeck.api;

import java.time.Duration;

/**
 * How much the API gateway takes upon itself. Each has a key of the same name in the configuration.
 *
 * @param connectTimeout how long an upstream may take to accept a connection
 * @param idleTimeout how long an exchange may rest without a byte; clients themselves give up after
 *     300 s of silence
 * @param sessionIdleTimeout after how long without an exchange a session of the API's own ends
 * @param captureLimit bytes of one body that are kept; what is beyond passes and is counted
 * @param queueLimit bytes of a session's bodies that may wait in memory for its recorder; what
 *     comes beyond that passes and is counted
 * @param resendLimit bytes of a request's body that are held until an answer comes, to send it once
 *     more if its kept connection turns out to be closed; a longer one is not sent again
 * @param maxSessions how many sessions of the API's own at once; for a further one, the one ends
 *     that has rested longest, and where none rests the request is refused
 * @param maxSessionsPerSource how many of them from one address; of IPv6, from one /64
 * @param maxConnections how many clients' connections at once; for a further one, one without an
 *     exchange gives way, and where there is none the further one is closed
 * @param maxConnectionsPerSource how many of them from one address
 * @param maxExchanges how many exchanges at once; further ones are refused
 * @param maxExchangesPerSession how many of them of one session
 * @param maxHead bytes of a request's head: its header fields
 * @param headTimeout how long a new connection may take until its first request's head is whole
 * @param keepAliveTimeout how long a connection may then rest without an exchange
 */
public record ApiLimits(
    Duration connectTimeout,
    Duration idleTimeout,
    Duration sessionIdleTimeout,
    long captureLimit,
    long queueLimit,
    long resendLimit,
    int maxSessions,
    int maxSessionsPerSource,
    int maxConnections,
    int maxConnectionsPerSource,
    int maxExchanges,
    int maxExchangesPerSession,
    int maxHead,
    Duration headTimeout,
    Duration keepAliveTimeout) {

  /** The highest of what counts something. */
  public static final int MOST = 100_000;

  /** Of what is kept of one body, and of what may wait. */
  public static final long LEAST_CAPTURE = 64L << 10;

  public static final long MOST_CAPTURE = 1L << 30;

  public static final int LEAST_HEAD = 4 << 10;
  public static final int MOST_HEAD = 16 << 20;

  /** A source has half of what there is. */
  public static final ApiLimits DEFAULT =
      new ApiLimits(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          64L << 20,
          // A third of the heap, so that a burst as fast as loopback waits and is not lost.
          Math.clamp(Runtime.getRuntime().maxMemory() / 3, 64L << 20, 1L << 30),
          1L << 20,
          500,
          250,
          4000,
          2000,
          4000,
          1000,
          256 << 10,
          Duration.ofSeconds(30),
          Duration.ofMinutes(5));

  public ApiLimits {
    positive("connect_timeout", connectTimeout);
    positive("idle_timeout", idleTimeout);
    positive("session_idle_timeout", sessionIdleTimeout);
    if (captureLimit < 0 || queueLimit < 0 || resendLimit < 0) {
      throw new IllegalArgumentException("a limit is 0 bytes or more");
    }
    within("max_sessions", maxSessions, 1, MOST);
    within("max_sessions_per_source", maxSessionsPerSource, 1, MOST);
    within("max_connections", maxConnections, 1, MOST);
    within("max_connections_per_source", maxConnectionsPerSource, 1, MOST);
    within("max_exchanges", maxExchanges, 1, MOST);
    within("max_exchanges_per_session", maxExchangesPerSession, 1, MOST);
    within("max_head", maxHead, LEAST_HEAD, MOST_HEAD);
    positive("head_timeout", headTimeout);
    positive("keep_alive_timeout", keepAliveTimeout);
  }

  /** The same with other limits of bytes kept, and another idle time. */
  public ApiLimits withBodies(long capture, long queue, Duration idle) {
    return new ApiLimits(
        connectTimeout,
        idle,
        sessionIdleTimeout,
        capture,
        queue,
        resendLimit,
        maxSessions,
        maxSessionsPerSource,
        maxConnections,
        maxConnectionsPerSource,
        maxExchanges,
        maxExchangesPerSession,
        maxHead,
        headTimeout,
        keepAliveTimeout);
  }

  /** The same with other counts. */
  public ApiLimits withCounts(
      int sessions, int sessionsPerSource, int exchanges, int exchangesPerSession) {
    return new ApiLimits(
        connectTimeout,
        idleTimeout,
        sessionIdleTimeout,
        captureLimit,
        queueLimit,
        resendLimit,
        sessions,
        sessionsPerSource,
        maxConnections,
        maxConnectionsPerSource,
        exchanges,
        exchangesPerSession,
        maxHead,
        headTimeout,
        keepAliveTimeout);
  }

  /** The same with other limits of connections. */
  public ApiLimits withConnections(
      int connections, int perSource, int head, Duration headTime, Duration keepAlive) {
    return new ApiLimits(
        connectTimeout,
        idleTimeout,
        sessionIdleTimeout,
        captureLimit,
        queueLimit,
        resendLimit,
        maxSessions,
        maxSessionsPerSource,
        connections,
        perSource,
        maxExchanges,
        maxExchangesPerSession,
        head,
        headTime,
        keepAlive);
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + most + " (got " + value + ")");
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be more than 0 (got " + value + ")");
    }
  }
}
