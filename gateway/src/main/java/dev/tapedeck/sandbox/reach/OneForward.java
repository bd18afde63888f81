package dev.tapedeck.sandbox.reach;

import dev.tapedeck.sandbox.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A sandbox's one way out: made when it is first asked for, closed with the sandbox. */
public final class OneForward implements AutoCloseable {

  private final Opening opening;
  private @Nullable Forward forward;
  private @Nullable InetSocketAddress service;
  private boolean closed;

  public OneForward(Opening opening) {
    this.opening = opening;
  }

  /** How this sandbox's is made. */
  @FunctionalInterface
  public interface Opening {
    /** Throws why it cannot be, as a part of a sentence. */
    Forward open(InetSocketAddress service) throws IOException;
  }

  /**
   * The way to the service; a failure is tried again at the next call.
   *
   * @throws IllegalStateException if there is one to another service
   */
  public synchronized Reach to(InetSocketAddress wanted) {
    if (closed) {
      return new Reach.Nowhere("the sandbox is closed");
    }
    if (service != null && !service.equals(wanted)) {
      throw new IllegalStateException(
          "a sandbox that reaches %s cannot reach %s too".formatted(service, wanted));
    }
    try {
      if (forward == null) {
        forward = opening.open(wanted);
        service = wanted;
      }
      return Reach.At.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), forward.port()));
    } catch (IOException e) {
      return new Reach.Nowhere("the sandbox does not reach the API gateway: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (forward != null) {
      forward.close();
    }
  }
}
