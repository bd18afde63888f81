package dev.tapedeck.api;

import dev.tapedeck.session.Session;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way in for one sandbox: what comes through it is of a session in that sandbox, whatever it
 * says. Sessions are admitted as they begin there, and leave with their end.
 */
public final class Door implements AutoCloseable {

  private final UnixDomainSocketAddress address;
  private final Runnable closing;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

  Door(UnixDomainSocketAddress address, Runnable closing) {
    this.address = address;
    this.closing = closing;
  }

  /** The socket on which it listens; only the gateway's user may connect. */
  public UnixDomainSocketAddress address() {
    return address;
  }

  /** From now until its end, requests that come through may be the session's. */
  public void admit(Session session) {
    sessions.add(session);
    if (!session.beforeEnd(() -> sessions.remove(session))) {
      sessions.remove(session);
    }
  }

  boolean admits(Session session) {
    return sessions.contains(session);
  }

  /** Those that are live. */
  List<Session> sessions() {
    return List.copyOf(sessions);
  }

  /** Takes no more connections, and ends those that are open. */
  @Override
  public void close() {
    closing.run();
  }
}
