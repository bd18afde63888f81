package dev.tapedeck.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * A service of the gateway that programs in sandboxes reach. Each sandbox with a network of its own
 * is led to an entrance of its own, so that the service knows from where a connection comes without
 * having to believe anything that is said in it.
 */
public interface Service {

  /** Where programs that are not shut off from the gateway's network reach it. */
  InetSocketAddress address();

  /**
   * Opens the entrance of one sandbox. Takes a few milliseconds.
   *
   * @param sandbox its {@link Sandbox#id}
   * @throws IOException why it cannot, as a part of a sentence
   */
  Entrance entrance(String sandbox) throws IOException;

  /** Where the connections of one sandbox arrive, and those of nobody else. */
  interface Entrance extends AutoCloseable {

    /** A socket that nobody but the gateway's user may connect to. */
    UnixDomainSocketAddress address();

    /** Takes no more connections. */
    @Override
    void close();
  }
}
