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
 * @param limits how much it takes upon itself
 * @param redact names of header fields, parameters and JSON members that are credentials beside
 *     those that are known by their kind
 * @param sessionHeader the header by which clients name their session, before those that known
 *     clients send; or null
 * @param allowed the names and web pages that clients may use beside those that are always allowed
 * @param openTo who needs no session's token
 */
public record ApiOptions(
    InetSocketAddress listen,
    List<Upstream> upstreams,
    boolean strict,
    ApiLimits limits,
    List<String> redact,
    @Nullable String sessionHeader,
    AllowedSites allowed,
    OpenTo openTo) {

  /** The longest request line, in bytes: paths and queries may hold signed addresses. */
  static final int MAX_LINE_BYTES = 64 * 1024;

  /** The largest head of an upstream's answer, in bytes. */
  static final int MAX_HEAD_BYTES = 256 * 1024;

  /** What was read of a body at once is passed on in pieces no larger than this, in bytes. */
  static final int MAX_CHUNK_BYTES = 64 * 1024;

  public ApiOptions {
    upstreams = List.copyOf(upstreams);
    redact = List.copyOf(redact);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("the API gateway has at least one upstream");
    }
  }

  /** The usual limits. */
  public static ApiOptions of(InetSocketAddress listen, List<Upstream> upstreams, boolean strict) {
    return new ApiOptions(
        listen,
        upstreams,
        strict,
        ApiLimits.DEFAULT,
        List.of(),
        null,
        AllowedSites.NONE,
        OpenTo.MACHINE);
  }

  /** The same with other limits. */
  public ApiOptions with(ApiLimits other) {
    return new ApiOptions(listen, upstreams, strict, other, redact, sessionHeader, allowed, openTo);
  }

  /** The same for other upstreams. */
  public ApiOptions with(List<Upstream> other) {
    return new ApiOptions(listen, other, strict, limits, redact, sessionHeader, allowed, openTo);
  }

  /** The same where clients name their session in this header. */
  public ApiOptions withSessionHeader(String other) {
    return new ApiOptions(listen, upstreams, strict, limits, redact, other, allowed, openTo);
  }

  Duration connectTimeout() {
    return limits.connectTimeout();
  }

  Duration idleTimeout() {
    return limits.idleTimeout();
  }

  /** How much of one body is kept. */
  long captureBytes() {
    return limits.captureLimit();
  }

  /** How much of a session's bodies may wait for its recorder. */
  long queueBytes() {
    return limits.queueLimit();
  }
}
