package dev.tapedeck.ssh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect, before anything is known but the address. Clients that only hold a connection
 * open keep nobody out: they give way to those that come later.
 */
final class Admission {

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  /** Of a flood of clients that are turned away, the log tells this often. */
  private static final long LOG_EVERY_NANOS = 1_000_000_000L;

  /** An IPv6 host has all addresses that begin with its network's 64 bits. */
  private static final int IPV6_NETWORK_BYTES = 8;

  private final SshLimits limits;

  /** All that are connected, in the order in which they came, with where they came from. */
  private final Map<Session, String> connected = new LinkedHashMap<>();

  /** Those of them that have not logged in, likewise. */
  private final Map<Session, String> waiting = new LinkedHashMap<>();

  private long lastLogged = System.nanoTime() - LOG_EVERY_NANOS;
  private int unlogged;

  Admission(SshLimits limits) {
    this.limits = limits;
  }

  /** A client has connected: lets it go on, perhaps in another's place, or turns it away. */
  void arrived(Session peer) {
    String source = source(peer.getIoSession().getRemoteAddress());
    Session giving = null;
    String refusal;
    synchronized (this) {
      connected.keySet().removeIf(other -> other.getIoSession().isClosed());
      waiting.keySet().retainAll(connected.keySet());
      refusal = refusal(source);
      if (refusal == null) {
        if (waiting.size() >= limits.maxUnauthenticated()) {
          giving = longestOfTheMost();
          connected.remove(giving);
          waiting.remove(giving);
        }
        connected.put(peer, source);
        waiting.put(peer, source);
      }
    }
    if (refusal != null) {
      turnAway(peer, refusal);
    } else if (giving != null) {
      sendAway(
          giving,
          "too many clients have not logged in; the one that has waited longest was disconnected"
              + " (ssh.max_unauthenticated: "
              + limits.maxUnauthenticated()
              + ")");
    }
  }

  /** A client has logged in. */
  synchronized void entered(Session peer) {
    waiting.remove(peer);
  }

  /** A client has gone. */
  synchronized void left(Session peer) {
    connected.remove(peer);
    waiting.remove(peer);
  }

  private @Nullable String refusal(String source) {
    if (connected.size() >= limits.maxConnections()) {
      return "there are as many clients as there may be (ssh.max_connections: "
          + limits.maxConnections()
          + ")";
    }
    long fromThere = connected.values().stream().filter(source::equals).count();
    if (fromThere >= limits.maxConnectionsPerSource()) {
      return "there are as many clients from one address as there may be"
          + " (ssh.max_connections_per_source: "
          + limits.maxConnectionsPerSource()
          + ")";
    }
    return null;
  }

  private Session longestOfTheMost() {
    Map<String, Integer> counts = new LinkedHashMap<>(); // of equals, the first that came
    waiting.values().forEach(source -> counts.merge(source, 1, Integer::sum));
    String most =
        counts.entrySet().stream()
            .max(Comparator.comparingInt(Map.Entry::getValue))
            .orElseThrow()
            .getKey();
    return waiting.entrySet().stream()
        .filter(client -> client.getValue().equals(most))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** Nothing has been said to it yet, so it is told in a line before the version line. */
  private void turnAway(Session peer, String why) {
    log(peer, why);
    try {
      byte[] line = ("tapedeck: " + why + "\r\n").getBytes(US_ASCII);
      peer.getIoSession().writeBuffer(new ByteArrayBuffer(line));
    } catch (IOException e) {
      LOG.debug("{}: not told that it is turned away: {}", peer, e.toString());
    }
    peer.close(true);
  }

  private void sendAway(Session peer, String why) {
    log(peer, why);
    try {
      peer.disconnect(SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS, why);
    } catch (IOException e) {
      LOG.debug("{}: not told that it is sent away: {}", peer, e.toString());
      peer.close(true);
    }
  }

  private synchronized void log(Session peer, String why) {
    long now = System.nanoTime();
    if (now - lastLogged < LOG_EVERY_NANOS) {
      unlogged++;
      return;
    }
    LOG.warn(
        "Turned away {}: {}{}",
        Connection.hostPort(peer.getIoSession().getRemoteAddress()),
        why,
        unlogged == 0 ? "" : "; and " + unlogged + " more since the last such line");
    lastLogged = now;
    unlogged = 0;
  }

  /** What counts as one source. */
  static String source(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return address.toString();
    }
    InetAddress host = inet.getAddress();
    return host instanceof Inet6Address
        ? Arrays.toString(Arrays.copyOf(host.getAddress(), IPV6_NETWORK_BYTES))
        : host.getHostAddress();
  }
}
