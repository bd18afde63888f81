package dev.tapedeck.sandbox.reach;

import dev.tapedeck.sandbox.posix.Child;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For a gateway of an ordinary user, which may not enter network namespaces: hands the work to a
 * {@link ForwarderProcess}, and starts another where one has died. What a dead one held is lost to
 * the sandboxes that were made in its user namespace; later ones live in the new one's.
 */
final class DelegatedForwarder implements Forwarder {

  private static final Logger LOG = LoggerFactory.getLogger(DelegatedForwarder.class);

  private @Nullable ForwarderProcess process;
  private boolean complained;
  private boolean closed;

  @Override
  public synchronized OptionalInt parent() {
    try {
      return OptionalInt.of(process().pid());
    } catch (IOException e) {
      // Sandboxes can be made all the same; open() says why they reach nothing.
      if (!complained) {
        complained = true;
        LOG.warn("sandboxes will not reach the API gateway: {}", e.getMessage());
      }
      return OptionalInt.empty();
    }
  }

  @Override
  public Forward open(int pid, UnixDomainSocketAddress service) throws IOException {
    ForwarderProcess current;
    synchronized (this) {
      current = process();
    }
    return current.open(pid, service);
  }

  private ForwarderProcess process() throws IOException {
    if (closed) {
      throw new IOException("the engine is closed");
    }
    if (!Child.supported()) {
      throw new IOException("glibc 2.34 or newer is needed");
    }
    ForwarderProcess current = process;
    if (current == null || !current.alive()) {
      if (current != null) {
        current.close();
      }
      current = ForwarderProcess.start();
      process = current;
    }
    return current;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (process != null) {
      process.close();
    }
  }
}
