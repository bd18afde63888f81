package dev.tapedeck.sandbox.docker;

/**
 * Does what must be done also on a thread that was interrupted: a channel closes itself under such
 * a thread, and what is being cleaned up would stay.
 */
final class Uninterrupted {

  private Uninterrupted() {}

  /** The interrupt waits until the action has ended. */
  static void run(Runnable action) {
    boolean interrupted = Thread.interrupted();
    try {
      action.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
