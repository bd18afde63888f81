package dev.tapedeck.ssh;

import dev.tapedeck.auth.Gatekeeper;
import dev.tapedeck.auth.Providers;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.pump.StallWatch;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.ssh.socket.ThreadPerConnection;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SSH gateway: listens, lets in, and keeps the connections until they end. */
public final class SshGateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SshGateway.class);

  static {
    Providers.choose();
  }

  private static final AttributeKey<Connection> CONNECTION = new AttributeKey<>();

  /** How long the gateway waits at its own end until all sessions are sealed. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  /** How often session and idle times are looked at. */
  private static final Duration TIMER_TICK = Duration.ofMillis(500);

  /** As much as a channel's sender may be ahead; sshd's own. */
  private static final long WINDOW_BYTES = 2 * 1024 * 1024;

  /**
   * How many requests to log in a connection may make in all: {@code max_auth_tries} counts those
   * that fail, and neither {@code none} nor the question whether a key would do is one of them.
   */
  private static final int MAX_LOGIN_REQUESTS = 100;

  /** Signatures and checksums that rest on these are not offered. */
  private static final Pattern WEAK = Pattern.compile(".*(sha1|md5|dss).*|ssh-rsa.*");

  /**
   * In the comment part of the version line. Clients that look for OpenSSH there (asyncssh, libssh)
   * send the arguments of SFTP's symlink in the order of OpenSSH's server, others in that of the
   * draft.
   */
  private static final String IDENTIFICATION = "Tapedeck OpenSSH_9.2-compatible";

  /** Longer than anybody suspends a client: a full window is no reason to end a session. */
  private static final Duration FOREVER = Duration.ofDays(3650);

  /** Gives a connection of this user a sandbox; closing it gives it back. */
  public interface SandboxSource {
    Sandbox take(String user) throws IOException;
  }

  /** Starts sessions that are recorded. */
  public interface SessionSource {
    Session start(SessionInfo info) throws IOException;
  }

  /** Says what programs of a session find in their environment, besides what sshd(8) sets. */
  public interface SessionVariables {
    Map<String, String> of(Session session, Sandbox sandbox);
  }

  private final SshOptions options;
  private final Admission admission;
  private final Logins logins;
  private final Connection.Gate gate;
  private final SshServer server;
  private final ThreadPerConnection transport = new ThreadPerConnection();

  /** Set under the lock of {@code connections}: whoever is let in after it would not be ended. */
  private volatile boolean stopping;

  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("session-timer").factory());

  /**
   * A gateway that does not listen yet.
   *
   * @param attempts told of every attempt to log in, on a thread that must not be held up
   */
  public SshGateway(
      SshOptions options,
      Gatekeeper gatekeeper,
      SandboxSource sandboxes,
      SessionSource sessions,
      SessionVariables variables,
      Consumer<LoginAttempt> attempts) {
    this.options = options;
    this.admission = new Admission(options.limits());
    this.logins = new Logins(gatekeeper, attempts, options.limits().maxAuthTries());
    Duration stallLimit = options.stallLimit();
    this.gate =
        new Connection.Gate(
            options,
            sandboxes,
            sessions,
            variables,
            stallLimit == null ? null : new StallWatch(stallLimit));
    this.server = SshServer.setUpDefaultServer();
    server.setIoServiceFactoryFactory(transport);
  }

  /**
   * Listens.
   *
   * @throws IOException if the address is taken or a host key cannot be read, in one sentence
   */
  public void start() throws IOException {
    server.setKeyPairProvider(KeyPairProvider.wrap(HostKeys.loadOrMake(options.hostKeys())));
    server.setHost(options.listen().getHostString());
    server.setPort(options.listen().getPort());
    server.setPasswordAuthenticator(logins);
    server.setPublickeyAuthenticator(logins);
    server.setUserAuthFactories(
        List.<UserAuthFactory>of(logins.publicKeyFactory(), UserAuthPasswordFactory.INSTANCE));
    server.setServiceFactories(
        List.of(
            ServerUserAuthServiceFactory.INSTANCE,
            new RecordedService.Factory(options.limits().maxChannels())));
    server.setChannelFactories(List.of(new Channels()));
    server.setSessionFactory(new AnsweringSession.Factory(server, timer));
    // Of these a client is offered the cheapest kind that it has: docs/decisions/0009-ciphers.md.
    server.setCipherFactories(
        List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.aes128ctr,
            BuiltinCiphers.aes192ctr,
            BuiltinCiphers.aes256ctr,
            BuiltinCiphers.cc20p1305_openssh));
    server.setSignatureFactories(withoutWeak(server.getSignatureFactories()));
    server.setMacFactories(withoutWeak(server.getMacFactories()));
    server.setKeyExchangeFactories(withoutWeak(server.getKeyExchangeFactories()));
    server.addSessionListener(new Entrance());
    setProperties();
    try {
      server.start();
    } catch (BindException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on " + Connection.hostPort(options.listen()) + ": " + e.getMessage(), e);
    }
    timer.scheduleWithFixedDelay(
        this::checkTimes, TIMER_TICK.toMillis(), TIMER_TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <F extends NamedResource> List<F> withoutWeak(List<F> offered) {
    return offered.stream().filter(one -> !WEAK.matcher(one.getName()).matches()).toList();
  }

  private void setProperties() {
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, IDENTIFICATION);
    CoreModuleProperties.AUTH_TIMEOUT.set(server, options.limits().loginGraceTime());
    CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(server, FOREVER);
    CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW_BYTES);
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MAX_LOGIN_REQUESTS);
    // RecordedService refuses channels; the library's own limit must never be met.
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, Integer.MAX_VALUE);
  }

  /** Where it listens, with the port that the system chose if it was asked to. */
  public InetSocketAddress address() {
    SocketAddress bound = server.getBoundAddresses().iterator().next();
    return (InetSocketAddress) bound;
  }

  /** How many clients are in. */
  public int connections() {
    return connections.size();
  }

  private void checkTimes() {
    long now = System.nanoTime();
    connections.forEach(connection -> connection.checkTime(now));
  }

  /**
   * Lets nobody in any more, ends all sessions with a line to each client, and waits until they are
   * sealed.
   */
  @Override
  public void close() {
    timer.shutdownNow();
    transport.unbind();
    synchronized (connections) {
      stopping = true;
    }
    CompletableFuture<?>[] ends =
        connections.stream().map(Connection::whenClosed).toArray(CompletableFuture<?>[]::new);
    connections.forEach(connection -> connection.end("the gateway is being stopped"));
    try {
      CompletableFuture.allOf(ends)
          .orTimeout(CLOSING.toMillis(), TimeUnit.MILLISECONDS)
          .exceptionally(e -> {
            LOG.warn("Some sessions were not completed within {} s", CLOSING.toSeconds());
            return null;
          })
          .join();
      server.stop(true);
    } catch (IOException e) {
      LOG.warn("The SSH gateway did not stop cleanly: {}", e.toString());
    } finally {
      logins.close();
      StallWatch watch = gate.stallWatch();
      if (watch != null) {
        watch.close();
      }
    }
  }

  /** Turns library sessions into connections and back. */
  private final class Entrance implements SessionListener {

    @Override
    public void sessionCreated(org.apache.sshd.common.session.Session peer) {
      if (stopping) {
        peer.close(true);
        return;
      }
      admission.arrived(peer);
    }

    @Override
    public void sessionEvent(org.apache.sshd.common.session.Session peer, Event event) {
      if (event == Event.Authenticated && peer instanceof ServerSession client) {
        enter(client);
      }
    }

    private void enter(ServerSession client) {
      synchronized (connections) {
        if (stopping) {
          client.close(true);
          return;
        }
        SessionId id = SessionId.create();
        Connection connection = new Connection(gate, client, id, logins.entered(client, id));
        connections.add(connection);
        connection.whenClosed().whenComplete((_, _) -> connections.remove(connection));
        client.setAttribute(CONNECTION, connection);
      }
      admission.entered(client);
    }

    @Override
    public void sessionException(org.apache.sshd.common.session.Session peer, Throwable e) {
      LOG.debug("{}: {}", peer, e.toString());
    }

    @Override
    public void sessionClosed(org.apache.sshd.common.session.Session peer) {
      admission.left(peer);
      if (peer instanceof ServerSession client) {
        logins.left(client);
      }
      Connection connection = peer.getAttribute(CONNECTION);
      if (connection != null) {
        connection.closed();
      }
    }
  }

  /** Makes the channels of type {@code session}. */
  private static final class Channels extends ChannelSessionFactory {

    @Override
    public Channel createChannel(org.apache.sshd.common.session.Session peer) {
      Connection connection = peer.getAttribute(CONNECTION);
      if (connection == null) {
        throw new IllegalStateException("a channel before the login");
      }
      return new SessionChannel(connection);
    }
  }
}
