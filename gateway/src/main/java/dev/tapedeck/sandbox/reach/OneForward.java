package dev.tapedeck.sandbox.reach;

import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.sandbox.Service.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** A sandbox's one way out: made when it is first asked for, closed with the sandbox. */
public final class OneForward implements AutoCloseable {

  private final String sandbox;
  private final Opening opening;
  private @Nullable Forward forward;
  private @Nullable Entrance entrance;
  private @Nullable Service service;
  private boolean closed;

  /**
   * One that is not made yet.
   *
   * @param sandbox whose it is
   */
  public OneForward(String sandbox, Opening opening) {
    this.sandbox = sandbox;
    this.opening = opening;
  }

  /** How this sandbox's is made. */
  @FunctionalInterface
  public interface Opening {
    /** Throws why it cannot be, as a part of a sentence. */
    Forward open(UnixDomainSocketAddress service) throws IOException;
  }

  /**
   * The way to the service; a failure is tried again at the next call.
   *
   * @throws IllegalStateException if there is one to another service
   */
  public synchronized Reach to(Service wanted) {
    if (closed) {
      return new Reach.Nowhere("the sandbox is closed");
    }
    if (service != null && !service.equals(wanted)) {
      throw new IllegalStateException(
          "sandbox %s is led to one service, and cannot be led to two".formatted(sandbox));
    }
    try {
      if (forward == null) {
        forward = through(wanted);
        service = wanted;
      }
      return Reach.At.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), forward.port()));
    } catch (IOException e) {
      return new Reach.Nowhere("the sandbox does not reach the API gateway: " + e.getMessage());
    }
  }

  private Forward through(Service wanted) throws IOException {
    if (entrance == null) {
      entrance = wanted.entrance(sandbox);
    }
    return opening.open(entrance.address());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (forward != null) {
      forward.close();
    }
    if (entrance != null) {
      entrance.close();
    }
  }
}
