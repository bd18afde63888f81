package dev.tapedeck.sandbox.reach;

import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.NetworkNamespace;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.OptionalInt;

/** Opens {@link Forward}s. Safe for use by many threads. */
public interface Forwarder extends AutoCloseable {

  /** The one that this process may use: its own threads, or a process with more rights. */
  static Forwarder choose() {
    return Child.root() || NetworkNamespace.mayEnter()
        ? new LocalForwarder()
        : new DelegatedForwarder();
  }

  /**
   * Makes a port inside lead to a service outside. Blocks for a millisecond, or for some hundred
   * the first time.
   *
   * @param pid a process in the network namespace; the caller looks afterwards whether it was the
   *     right one all the time
   * @param service where the gateway listens for this sandbox
   * @throws IOException why it cannot, as a part of a sentence
   */
  Forward open(int pid, UnixDomainSocketAddress service) throws IOException;

  /**
   * The process in whose user namespace the sandboxes must be made that this forwarder shall enter;
   * empty where that is the gateway's own, or where there is none.
   */
  OptionalInt parent();

  /** Closes what is still open. */
  @Override
  void close();
}
