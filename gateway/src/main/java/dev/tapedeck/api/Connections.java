package dev.tapedeck.api;

import io.netty.channel.socket.SocketChannel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of clients at the open listener: how many there are, and which of them rest. Safe
 * for use by many threads.
 *
 * <pre>
 *   accepted --head whole--> in use --its exchanges are over--> resting --another head--> in use
 *      '--head_timeout--> closed        keep_alive_timeout, or another needs the room --> closed
 * </pre>
 *
 * <p>A head that is not whole does not count, so one that comes byte by byte ends with the time
 * too.
 */
final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** What strangers do can provoke warnings, but not fill the log. */
  private static final long WARN_EVERY_NANOS = 60_000_000_000L;

  /** Of an IPv6 address, the part that a provider gives to one customer. */
  private static final int NETWORK_BYTES = 8;

  private final ApiLimits limits;

  /** By the client's end; held by itself. */
  private final Map<InetSocketAddress, Client> clients = new HashMap<>();

  private final Map<String, Integer> ofSource = new HashMap<>();
  private long nextWarning = System.nanoTime();

  /** One connection; guarded by the map. */
  private static final class Client {
    final SocketChannel channel;
    final String source;
    boolean used;
    int exchanges;
    long since = System.nanoTime();

    Client(SocketChannel channel, String source) {
      this.channel = channel;
      this.source = source;
    }
  }

  Connections(ApiLimits limits) {
    this.limits = limits;
  }

  /** From whom connections are counted together. */
  static String source(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
        : address.getHostAddress();
  }

  /** Takes a connection, or says that there is no room for it. */
  boolean accept(SocketChannel channel) {
    InetSocketAddress from = channel.remoteAddress();
    if (from == null) {
      return false; // it has gone already
    }
    String source = source(from.getAddress());
    synchronized (clients) {
      boolean room =
          makeRoom(ofSource.getOrDefault(source, 0), limits.maxConnectionsPerSource(), source)
              && makeRoom(clients.size(), limits.maxConnections(), null);
      if (!room) {
        warn(from);
        return false;
      }
      clients.put(from, new Client(channel, source));
      ofSource.merge(source, 1, Integer::sum);
    }
    channel.closeFuture().addListener(_ -> closed(from, channel));
    return true;
  }

  /** Makes room for one more; the one goes that has rested longest. */
  private boolean makeRoom(int there, int most, @Nullable String source) {
    if (there < most) {
      return true;
    }
    Optional<Map.Entry<InetSocketAddress, Client>> resting =
        clients.entrySet().stream()
            .filter(each -> each.getValue().exchanges == 0)
            .filter(each -> source == null || each.getValue().source.equals(source))
            .min(Comparator.comparingLong(each -> each.getValue().since));
    resting.ifPresent(each -> {
      remove(each.getKey());
      close(each.getValue().channel);
    });
    return resting.isPresent();
  }

  private static void close(SocketChannel channel) {
    if (channel.isRegistered()) {
      channel.close();
    } else {
      channel.unsafe().closeForcibly(); // it was accepted just now, and has no event loop yet
    }
  }

  private void remove(InetSocketAddress from) {
    Client gone = clients.remove(from);
    if (gone != null) {
      ofSource.computeIfPresent(gone.source, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private void closed(InetSocketAddress from, SocketChannel channel) {
    synchronized (clients) {
      Client known = clients.get(from);
      if (known != null && known.channel.equals(channel)) {
        remove(from);
      }
    }
  }

  private void warn(InetSocketAddress from) {
    long now = System.nanoTime();
    if (now - nextWarning >= 0) {
      nextWarning = now + WARN_EVERY_NANOS;
      LOG.warn(
          "A connection from {} was closed: as many are in use as api.max_connections ({}) or"
              + " api.max_connections_per_source ({}) allows",
          from,
          limits.maxConnections(),
          limits.maxConnectionsPerSource());
    }
  }

  /**
   * An exchange begins on the connection of that request.
   *
   * @return what is run at its end
   */
  Runnable exchange(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    String host = address == null ? null : address.hostAddress();
    if (address == null || host == null) {
      return () -> {}; // a sandbox's door, whose connections are counted inside
    }
    return exchange(new InetSocketAddress(InetAddress.ofLiteral(host), address.port()));
  }

  private Runnable exchange(InetSocketAddress from) {
    synchronized (clients) {
      Client client = clients.get(from);
      if (client == null) {
        return () -> {};
      }
      client.used = true;
      client.exchanges++;
      return () -> {
        synchronized (clients) {
          client.exchanges--;
          client.since = System.nanoTime();
        }
      };
    }
  }

  /** Closes those that have rested too long, or have not sent a first head in time. */
  void closeResting() {
    List<Client> over = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (clients) {
      for (Client client : clients.values()) {
        long most = (client.used ? limits.keepAliveTimeout() : limits.headTimeout()).toNanos();
        if (client.exchanges == 0 && now - client.since > most) {
          over.add(client);
        }
      }
    }
    over.forEach(client -> close(client.channel));
  }

  /** How often to look for them: soon enough for the shorter of the two times. */
  long checkMillis() {
    long shorter = Math.min(limits.headTimeout().toMillis(), limits.keepAliveTimeout().toMillis());
    return Math.clamp(shorter / 4, 10, 1000);
  }

  /** How many there are. */
  int count() {
    synchronized (clients) {
      return clients.size();
    }
  }
}
