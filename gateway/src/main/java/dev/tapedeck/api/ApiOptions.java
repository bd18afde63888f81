package dev.tapedeck.api;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the API gateway works.
 *
 * @param listen where it listens; port 0 lets the system choose
 * @param upstreams the model APIs; see {@link Routes} for which request goes where
 * @param strict whether bytes wait until they are recorded
 * @param connectTimeout how long an upstream may take to accept a connection
 * @param idleTimeout how long an exchange may rest without a byte; clients themselves give up after
 *     300 s of silence
 * @param sessionIdle after how long without an exchange a session of the API's own ends
 * @param captureBytes how much of one body is kept; what is beyond it passes and is counted
 * @param queueBytes how much of a session's bodies may wait in memory for its recorder; what comes
 *     beyond that passes and is counted
 * @param redact names of header fields, parameters and JSON members that are credentials beside
 *     those that are known by their kind
 * @param sessionHeader the header by which clients name their session, before those that known
 *     clients send; or null
 * @param allowed the names and web pages that clients may use beside those that are always allowed
 */
public record ApiOptions(
    InetSocketAddress listen,
    List<Upstream> upstreams,
    boolean strict,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration sessionIdle,
    long captureBytes,
    long queueBytes,
    List<String> redact,
    @Nullable String sessionHeader,
    AllowedSites allowed) {

  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(10);
  public static final Duration DEFAULT_SESSION_IDLE = Duration.ofMinutes(30);
  public static final long DEFAULT_CAPTURE_BYTES = 64L << 20;
  public static final long DEFAULT_QUEUE_BYTES =
      Math.clamp(Runtime.getRuntime().maxMemory() / 3, 64L << 20, 1L << 30);

  /** The longest request line, in bytes: paths and queries may hold signed addresses. */
  static final int MAX_LINE_BYTES = 64 * 1024;

  /** The largest head of a request or response, in bytes. */
  static final int MAX_HEAD_BYTES = 256 * 1024;

  /** What was read of a body at once is passed on in pieces no larger than this, in bytes. */
  static final int MAX_CHUNK_BYTES = 64 * 1024;

  public ApiOptions {
    upstreams = List.copyOf(upstreams);
    redact = List.copyOf(redact);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("the API gateway has at least one upstream");
    }
    if (captureBytes < 0 || queueBytes < 0) {
      throw new IllegalArgumentException("a limit is 0 bytes or more");
    }
  }

  /** The usual limits. */
  public static ApiOptions of(InetSocketAddress listen, List<Upstream> upstreams, boolean strict) {
    return new ApiOptions(
        listen,
        upstreams,
        strict,
        DEFAULT_CONNECT_TIMEOUT,
        DEFAULT_IDLE_TIMEOUT,
        DEFAULT_SESSION_IDLE,
        DEFAULT_CAPTURE_BYTES,
        DEFAULT_QUEUE_BYTES,
        List.of(),
        null,
        AllowedSites.NONE);
  }
}
