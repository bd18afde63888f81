package dev.tapedeck.sandbox.reach;

import dev.tapedeck.sandbox.posix.NetworkNamespace;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the connections on threads of this process, which may enter network namespaces. */
public final class LocalForwarder implements Forwarder {

  private static final Logger LOG = LoggerFactory.getLogger(LocalForwarder.class);

  @Override
  public Forward open(int pid, UnixDomainSocketAddress service) throws IOException {
    if (!NetworkNamespace.mayEnter()) {
      throw new IOException(
          "the gateway may not enter its network: it lacks the capabilities CAP_SYS_ADMIN and"
              + " CAP_NET_ADMIN");
    }
    return LocalForward.open(pid, service, LOG::warn);
  }

  @Override
  public OptionalInt parent() {
    return OptionalInt.empty();
  }

  @Override
  public void close() {
    // Each sandbox closes its own.
  }
}
