package dev.tapedeck.api;

import dev.tapedeck.api.Routes.Route;
import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.api.redaction.SecretSearches;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionTokens;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private final Routes routes;
  private final SecretNames names;
  private final SecretSearches searches = new SecretSearches();
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
    this.options = options;
    this.sessions = new ApiSessions(sessions::start, tokens, options);
    this.names = new SecretNames(options.redact());
    this.routes = new Routes(options.upstreams());
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
  }

  /**
   * Begins to listen.
   *
   * @throws IOException in a sentence, if the address cannot be had
   */
  public void start() throws IOException {
    int loops = Runtime.getRuntime().availableProcessors();
    List<Listener> listeners = new CopyOnWriteArrayList<>();
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

  private static void await(Future<?> future) throws IOException {
    try {
      future.await(CLOSING_SECONDS, TimeUnit.SECONDS);
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

  /** One event loop's share of the connections. */
  private final class Listener extends VerticleBase {

    private @Nullable HttpServer server;
    private @Nullable Clients clients;

    @Override
    public Future<?> start() {
      clients = new Clients(vertx, options);
      int port = options.listen().getPort();
      String host = options.listen().getAddress().getHostAddress();
      HttpServerOptions http =
          new HttpServerOptions()
              .setMaxInitialLineLength(ApiOptions.MAX_LINE_BYTES)
              .setMaxHeaderSize(ApiOptions.MAX_HEAD_BYTES)
              .setMaxChunkSize(ApiOptions.MAX_CHUNK_BYTES)
              .setHttp2ConnectionWindowSize(HTTP2_WINDOW_BYTES)
              .setTcpNoDelay(true);
      http.getInitialSettings()
          .setInitialWindowSize(HTTP2_WINDOW_BYTES)
          .setMaxConcurrentStreams(MAX_HTTP2_STREAMS);
      HttpServer made = vertx.createHttpServer(http);
      server = made;
      return made.requestHandler(this::handle)
          .connectionHandler(RequestTrailers::watch)
          .listen(
              port == 0
                  ? SocketAddress.sharedRandomPort(1, host)
                  : SocketAddress.inetSocketAddress(port, host));
    }

    int port() {
      HttpServer listening = server;
      if (listening == null) {
        throw new IllegalStateException("not started");
      }
      return listening.actualPort();
    }

    private void handle(HttpServerRequest request) {
      Clients mine = clients;
      if (mine == null) {
        throw new IllegalStateException("not started");
      }
      OwnAddress own = OwnAddress.of(request);
      String listen = options.listen().getHostString();
      switch (RequestTarget.of(
          request.method().name(), request.uri(), authority -> own.is(authority, listen))) {
        case RequestTarget.Local(String path) -> handle(request, mine, path, own);
        case RequestTarget.Bad(Refusal refusal) -> refuse(request, refusal);
      }
    }

    /** Answers without passing on or recording anything. */
    private static void refuse(HttpServerRequest request, Refusal refusal) {
      LOG.info("{} is refused: {}", request.remoteAddress(), refusal.message());
      Messages.discard(request);
      refusal.send(request.response(), refusal.body(Provider.OTHER));
    }

    private void handle(HttpServerRequest request, Clients mine, String path, OwnAddress own) {
      List<HttpHeader> headers = Headers.list(request.headers());
      Route route = routes.of(path, headers, own::upstream);
      Optional<ApiSessions.Place> named =
          route.token() == null ? Optional.empty() : sessions.named(route.token());
      boolean unknown = route.token() != null && named.isEmpty();
      Refusal foreign = named.isPresent() ? null : foreign(request); // a page knows no token
      if (foreign != null) {
        refuse(request, foreign);
        return;
      }
      Redaction redaction = new Redaction(searches, names);
      if (route.token() != null) {
        redaction.know(route.token());
      }
      ApiSessions.Place place = named.orElseGet(() -> unnamed(request, headers, redaction));
      Relay relay = new Relay(context, mine, options, request, headers, route, place, redaction);
      Refusal refusal =
          unknown ? Refusal.noSession() : route.refusal(request.method().name(), headers);
      if (refusal != null) {
        LOG.info("{} is refused: {}", request.remoteAddress(), refusal.message());
        relay.refuse(refusal);
      } else {
        relay.start();
      }
    }

    private @Nullable Refusal foreign(HttpServerRequest request) {
      HostAndPort authority = request.authority();
      String host = authority == null ? request.getHeader("host") : authority.toString();
      return options
          .allowed()
          .refusal(
              host,
              options.listen().getHostString(),
              request.getHeader("origin"),
              request.getHeader("sec-fetch-site"));
    }

    private ApiSessions.Place unnamed(
        HttpServerRequest request, List<HttpHeader> headers, Redaction redaction) {
      SocketAddress from = request.remoteAddress();
      String host = from == null ? "unknown" : String.valueOf(from.hostAddress());
      String source = host + ":" + (from == null ? 0 : from.port());
      return sessions.unnamed(
          ConversationName.of(headers, options.sessionHeader()).orElse(null),
          host,
          source,
          Headers.first(headers, "user-agent"),
          value -> redaction.clean(headers, value));
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
  }
}
