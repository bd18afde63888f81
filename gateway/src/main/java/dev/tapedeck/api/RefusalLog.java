package dev.tapedeck.api;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log who was refused, and why; not more often than somebody reads, for clients can
 * have themselves refused as often as they like. Safe for use by many threads.
 */
final class RefusalLog {

  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

  static final int LINES_A_MINUTE = 60;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final LongSupplier nanoTime;
  private long minute;
  private int lines;
  private long unsaid;

  RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.minute = nanoTime.getAsLong();
  }

  void refused(HttpServerRequest request, Refusal refusal) {
    SocketAddress from = request.remoteAddress();
    boolean sandbox = from == null || from.hostAddress() == null;
    refused(sandbox ? "A sandbox's request" : from.toString(), refusal);
  }

  /** How many lines this makes, 0 to 2, is what a test looks at. */
  synchronized int refused(String who, Refusal refusal) {
    long now = nanoTime.getAsLong();
    int said = 0;
    if (now - minute >= MINUTE_NANOS) {
      if (unsaid > 0) {
        LOG.info("{} more requests were refused", unsaid);
        said++;
      }
      minute = now;
      lines = 0;
      unsaid = 0;
    }
    if (lines >= LINES_A_MINUTE) {
      unsaid++;
      return said;
    }
    lines++;
    LOG.info("{} is refused: {}", who, refusal.message());
    return said + 1;
  }
}
