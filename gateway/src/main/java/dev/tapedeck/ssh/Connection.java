package dev.tapedeck.ssh;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.pump.StallWatch;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.ssh.socket.SocketSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that has logged in: its session, its sandbox, its channels.
 *
 * <pre>
 *   logged in --sandbox taken, session started--> open --client gone | time over | gateway stops--> closed
 * </pre>
 *
 * <p>The sandbox is asked for at once, so that it is mostly there when the first channel wants it.
 * Whatever way the connection ends, the sandbox goes first, then the channels, then the session is
 * ended and its files are sealed.
 */
final class Connection {

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  static final String NO_FORWARDING =
      "this gateway forwards nothing, since only what passes through a session is recorded";

  /** How long channels may take to end once their programs are killed. */
  private static final Duration ENDING = Duration.ofSeconds(3);

  private final Gate gate;
  private final ServerSession client;
  private final SessionInfo info;
  private final Set<Program> programs = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Place> place;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicReference<String> reason = new AtomicReference<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile long lastUse = System.nanoTime();
  private final long began = System.nanoTime();

  /**
   * What all connections of a gateway share.
   *
   * @param sandboxes gives a sandbox to one connection
   * @param sessions starts a session that is recorded
   * @param stallWatch null where recording may take as long as it likes
   */
  record Gate(
      SshOptions options,
      SshGateway.SandboxSource sandboxes,
      SshGateway.SessionSource sessions,
      SshGateway.SessionVariables variables,
      @Nullable StallWatch stallWatch) {}

  /** Where a connection's programs run, what records them, and what they find there. */
  record Place(Session session, Sandbox sandbox, Map<String, String> variables) {}

  Connection(Gate gate, ServerSession client, SessionId id, Map<String, String> login) {
    this.gate = gate;
    this.client = client;
    Map<String, String> attributes = new LinkedHashMap<>(login);
    attributes.put("client_version", client.getClientVersion());
    this.info =
        new SessionInfo(
            id,
            "ssh",
            client.getUsername(),
            hostPort(client.getClientAddress()),
            Instant.now(),
            attributes);
    this.place = new CompletableFuture<>();
    Thread.ofVirtual().name("open-" + id).start(this::open);
  }

  private void open() {
    Sandbox sandbox = null;
    try {
      sandbox = gate.sandboxes().take(info.user());
      Map<String, String> attributes = new LinkedHashMap<>(info.attributes());
      attributes.put("sandbox", sandbox.engine() + " " + sandbox.id());
      sandbox.unfiltered().ifPresent(why -> attributes.put("system_calls", "not filtered: " + why));
      Session session =
          gate.sessions()
              .start(
                  new SessionInfo(
                      info.id(),
                      info.kind(),
                      info.user(),
                      info.source(),
                      info.started(),
                      attributes));
      place.complete(new Place(session, sandbox, gate.variables().of(session, sandbox)));
    } catch (IOException | RuntimeException e) {
      LOG.error("{}: {}", this, e.getMessage());
      if (sandbox != null) {
        sandbox.close();
      }
      place.completeExceptionally(e);
    }
  }

  SshOptions options() {
    return gate.options();
  }

  @Nullable StallWatch stallWatch() {
    return gate.stallWatch();
  }

  String user() {
    return info.user();
  }

  /** What the programs' environment says of the connection, as sshd(8) has it. */
  Map<String, String> variables() {
    if (client.getClientAddress() instanceof InetSocketAddress from
        && client.getIoSession().getLocalAddress() instanceof InetSocketAddress to) {
      String host = from.getAddress().getHostAddress();
      return Map.of(
          "SSH_CLIENT", host + " " + from.getPort() + " " + to.getPort(),
          "SSH_CONNECTION",
              host
                  + " "
                  + from.getPort()
                  + " "
                  + to.getAddress().getHostAddress()
                  + " "
                  + to.getPort());
    }
    return Map.of();
  }

  /**
   * Waits for the sandbox and the session.
   *
   * @throws ExecutionException if there is none, with why as its cause
   */
  Place place() throws ExecutionException, InterruptedException {
    return place.get();
  }

  void add(Program program) {
    programs.add(program);
    if (reason.get() != null) {
      program.kill();
    }
  }

  void remove(Program program) {
    programs.remove(program);
  }

  /** Something passed. */
  void touch() {
    lastUse = System.nanoTime();
  }

  /**
   * Waits until the client has taken most of what was sent: a channel's window, which the client
   * chooses, is no limit to the memory that this may take.
   */
  void awaitRoom() throws IOException {
    if (client.getIoSession() instanceof SocketSession socket) {
      socket.awaitRoom();
    }
  }

  /** Refuses a request of the client's, in its debug output and in the log. */
  RequestHandler.Result refuse(String what, String why) {
    LOG.info("{}: refused {}: {}", this, what, why);
    try {
      client.sendDebugMessage(true, "tapedeck: " + what + " refused: " + why, "");
    } catch (IOException e) {
      LOG.debug("{}: not told about the refusal: {}", this, e.toString());
    }
    return RequestHandler.Result.ReplyFailure;
  }

  /** Ends the connection if it has lasted or rested longer than it may. */
  void checkTime(long now) {
    Duration session = gate.options().sessionTimeout();
    Duration idle = gate.options().idleTimeout();
    if (session != null && now - began > session.toNanos()) {
      end("the session has lasted " + words(session) + ", as long as it may");
    } else if (idle != null && now - lastUse > idle.toNanos()) {
      end("nothing has passed for " + words(idle));
    }
  }

  /** Ends all programs with a line to the client, then the connection. */
  void end(String why) {
    if (!reason.compareAndSet(null, why)) {
      return;
    }
    LOG.info("{}: ended: {}", this, why);
    for (Program program : programs) {
      program.end(why);
    }
    Thread.ofVirtual()
        .start(() -> {
          awaitPrograms();
          sendAway();
          closed();
        });
  }

  /** Closes the connection when the client has taken what was sent to it, or does not take it. */
  private void sendAway() {
    try {
      if (client.close(false).await(ENDING)) {
        return;
      }
    } catch (IOException e) {
      LOG.debug("{}: closed badly: {}", this, e.toString());
    }
    client.close(true);
  }

  /** Ends the connection because something went wrong that the client must not get past. */
  void abort(String why) {
    if (reason.compareAndSet(null, why)) {
      client.exceptionCaught(new SshException(why));
    }
  }

  /** The client is gone, or has been sent away; returns at once. */
  void closed() {
    reason.compareAndSet(null, "client disconnected");
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    Thread.ofPlatform().name("close-" + info.id()).daemon().start(this::tearDown);
  }

  /** Completes when everything is sealed. */
  CompletableFuture<Void> whenClosed() {
    return closed;
  }

  private void tearDown() {
    try {
      Place left = place.join();
      left.sandbox().close();
      programs.forEach(Program::kill);
      awaitPrograms();
      String why = reason.get();
      left.session().end(why == null ? "client disconnected" : why);
    } catch (CompletionException e) {
      LOG.debug("{}: there was no sandbox to close", this);
    } catch (IOException e) {
      LOG.warn("{}: the recording was not completed: {}", this, e.getMessage());
    } finally {
      closed.complete(null);
    }
  }

  private void awaitPrograms() {
    CompletableFuture<?>[] ends =
        programs.stream().map(Program::ended).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("{}: a channel did not end within {} s", this, ENDING.toSeconds());
    } catch (ExecutionException e) {
      LOG.warn("{}: a channel ended badly", this, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "session " + info.id() + " (" + info.user() + " from " + info.source() + ")";
  }

  static String hostPort(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
    return address.toString();
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
