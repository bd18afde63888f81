package dev.tapedeck.api;

import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionTokens;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for API clients. */
public final class ApiGateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ApiGateway.class);

  /** How long {@link #close} waits for the network's part. */
  private static final long CLOSING_SECONDS = 5;

  private static final int HTTP2_WINDOW_BYTES = 1 << 20;
  private static final int MAX_HTTP2_STREAMS = 1_000;

  private final ApiOptions options;
  private final ApiSessions sessions;
  private final Requests requests;
  private final Doors doors = new Doors();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger nextListener = new AtomicInteger();
  private final Vertx vertx;
  private @Nullable InetSocketAddress address;

  /** Starts a session that is recorded. */
  @FunctionalInterface
  public interface SessionSource {
    Session start(SessionInfo info) throws IOException;
  }

  /**
   * A gateway that does not listen yet.
   *
   * @param sessions starts sessions for clients that belong to none
   * @param tokens names the sessions that clients may belong to
   */
  public ApiGateway(ApiOptions options, SessionSource sessions, SessionTokens tokens) {
    this(options, sessions, tokens, new Consumption(Budgets.NONE));
  }

  /**
   * The same with budgets.
   *
   * @param consumption what is used of them; it is told of exchanges' tokens by others
   */
  public ApiGateway(
      ApiOptions options, SessionSource sessions, SessionTokens tokens, Consumption consumption) {
    this.options = options;
    this.sessions = new ApiSessions(sessions::start, options, consumption::forget);
    Connections connections = new Connections(options.limits());
    this.requests =
        new Requests(
            options,
            this.sessions,
            new Callers(this.sessions, tokens, options.limits()),
            connections,
            consumption);
    this.vertx =
        Vertx.builder()
            .withTransport(new CountingTransport(connections))
            .with(
                new VertxOptions()
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setFileCachingEnabled(false)
                            .setClassPathResolvingEnabled(false)))
            .build();
    vertx.setPeriodic(connections.checkMillis(), _ -> connections.closeResting());
  }

  /**
   * Begins to listen.
   *
   * @throws IOException in a sentence, if the address cannot be had
   */
  public void start() throws IOException {
    int loops = Runtime.getRuntime().availableProcessors();
    try {
      await(
          vertx.deployVerticle(
              () -> {
                Listener listener = new Listener();
                listeners.add(listener);
                return listener;
              },
              new DeploymentOptions().setInstances(loops)));
      int port = listeners.getFirst().port();
      address = new InetSocketAddress(options.listen().getAddress(), port);
    } catch (IOException e) {
      throw new IOException(
          "the API gateway cannot listen on "
              + options.listen().getHostString()
              + ":"
              + options.listen().getPort()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.await(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it took longer than " + CLOSING_SECONDS + " s", e);
    } catch (CompletionException e) {
      throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    InetSocketAddress at = address;
    if (at == null) {
      throw new IllegalStateException("not started");
    }
    return at;
  }

  /**
   * Opens a way in for one sandbox.
   *
   * @throws IOException why it cannot, as a part of a sentence
   */
  public Door door() throws IOException {
    UnixDomainSocketAddress at = doors.next();
    int next = Math.floorMod(nextListener.getAndIncrement(), listeners.size());
    Promise<HttpServer> listening = Promise.promise();
    Door door =
        new Door(
            at,
            () -> {
              listening.future().onSuccess(HttpServer::close);
              Doors.remove(at);
            });
    try {
      listeners.get(next).listen(door, listening);
      await(listening.future());
      return door;
    } catch (IOException e) {
      door.close();
      throw new IOException("the API gateway opens no door: " + e.getMessage(), e);
    }
  }

  /** One event loop's share of the connections. */
  private final class Listener extends VerticleBase {

    private @Nullable HttpServer server;
    private @Nullable Clients clients;

    @Override
    public Future<?> start() {
      Clients mine = new Clients(vertx, options);
      clients = mine;
      int port = options.listen().getPort();
      String host = options.listen().getAddress().getHostAddress();
      HttpServer made = vertx.createHttpServer(http());
      server = made;
      return made.requestHandler(request -> requests.handle(request, context, mine, null))
          .connectionHandler(RequestTrailers::watch)
          .listen(
              port == 0
                  ? SocketAddress.sharedRandomPort(1, host)
                  : SocketAddress.inetSocketAddress(port, host));
    }

    /** Listens for one sandbox, on this event loop. */
    void listen(Door door, Promise<HttpServer> listening) {
      Clients mine = clients;
      if (mine == null) {
        throw new IllegalStateException("not started");
      }
      context.runOnContext(_ ->
          vertx
              .createHttpServer(http())
              .requestHandler(request -> requests.handle(request, context, mine, door))
              .connectionHandler(RequestTrailers::watch)
              .listen(SocketAddress.domainSocketAddress(door.address().getPath().toString()))
              .onComplete(listening));
    }

    private HttpServerOptions http() {
      HttpServerOptions http =
          new HttpServerOptions()
              .setMaxInitialLineLength(ApiOptions.MAX_LINE_BYTES)
              .setMaxHeaderSize(options.limits().maxHead())
              .setMaxChunkSize(ApiOptions.MAX_CHUNK_BYTES)
              .setHttp2ConnectionWindowSize(HTTP2_WINDOW_BYTES)
              .setTcpNoDelay(true);
      http.getInitialSettings()
          .setInitialWindowSize(HTTP2_WINDOW_BYTES)
          .setMaxConcurrentStreams(MAX_HTTP2_STREAMS);
      return http;
    }

    int port() {
      HttpServer listening = server;
      if (listening == null) {
        throw new IllegalStateException("not started");
      }
      return listening.actualPort();
    }
  }

  /** Stops listening, cuts what is under way, and ends the sessions that began here. */
  @Override
  public void close() {
    try {
      await(vertx.close());
    } catch (IOException e) {
      LOG.warn("The API gateway did not close well: {}", e.getMessage());
    }
    sessions.close();
    doors.close();
  }
}
