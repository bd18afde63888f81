package dev.tapedeck.api;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Notices that nothing moves. For one event loop. */
final class IdleWatch {

  private final Vertx vertx;
  private final long timer;
  private boolean moved;

  /**
   * @param limit told after between one and two of these without a movement
   */
  IdleWatch(Vertx vertx, Duration limit, Runnable tooIdle) {
    this.vertx = vertx;
    long millis = limit.toMillis();
    this.timer =
        vertx.setPeriodic(
            millis,
            _ -> {
              if (!moved) {
                tooIdle.run();
              }
              moved = false;
            });
  }

  void moved() {
    moved = true;
  }

  void stop() {
    vertx.cancelTimer(timer);
  }
}
