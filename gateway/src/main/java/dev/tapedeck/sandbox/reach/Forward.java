package dev.tapedeck.sandbox.reach;

/** A port inside of a sandbox that leads to the gateway, until it is closed. */
public interface Forward extends AutoCloseable {

  /** The port on 127.0.0.1 inside; another is taken only where something listens on it already. */
  int PORT = 3344;

  /**
   * How many connections one sandbox may have open; more are reset at once. Each takes two buffers
   * and two descriptors.
   */
  int MAX_CONNECTIONS = 128;

  /** The port inside, on 127.0.0.1. */
  int port();

  /** Resets the connections that are open, and takes no more. */
  @Override
  void close();
}
