package dev.tapedeck.catalog;

import dev.tapedeck.event.LoginAttempt;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attempts to log in on their way to the writer, and the end of old ones. For many threads. */
final class LoginQueue {

  /** After so many, and at the first, old ones go: as many more than the limit there may be. */
  static final int PRUNE_EVERY = 500;

  private static final Logger LOG = LoggerFactory.getLogger(LoginQueue.class);

  private final WriteQueue queue;
  private final CatalogOptions options;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong gone = new AtomicLong();

  LoginQueue(WriteQueue queue, CatalogOptions options) {
    this.queue = queue;
    this.options = options;
  }

  void add(LoginAttempt login) {
    queue.add(handle -> LoginRows.put(handle, login));
    if (count.getAndIncrement() % PRUNE_EVERY == 0) {
      Instant since = login.time().minus(options.loginAge());
      queue.add(handle -> prune(handle, since));
    }
  }

  private void prune(Handle handle, Instant since) {
    int went = LoginRows.prune(handle, options.loginRows(), since);
    if (went > 0 && gone.getAndAdd(went) == 0) {
      LOG.info(
          "{} old login attempts have left the catalog, and more will: it keeps the newest {} of the"
              + " last {} days (index.logins, index.login_age)",
          went,
          options.loginRows(),
          options.loginAge().toDays());
    }
  }
}
