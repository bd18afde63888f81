package dev.tapedeck.api;

import dev.tapedeck.api.Routes.Route;
import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.api.redaction.SecretSearches;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.session.SessionInfo;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is decided of a request as soon as its head is there: who sent it, where it goes, and
 * whether it may. What goes on is for a {@link Relay}.
 */
final class Requests {

  private final ApiOptions options;
  private final ApiSessions sessions;
  private final Callers callers;
  private final Connections connections;
  private final Exchanges exchanges;
  private final Consumption consumption;
  private final Routes routes;
  private final SecretNames names;
  private final SecretSearches searches = new SecretSearches();
  private final RefusalLog refusals = new RefusalLog(System::nanoTime);

  Requests(
      ApiOptions options,
      ApiSessions sessions,
      Callers callers,
      Connections connections,
      Consumption consumption) {
    this.consumption = consumption;
    this.connections = connections;
    this.exchanges = new Exchanges(options.limits());
    this.options = options;
    this.sessions = sessions;
    this.callers = callers;
    this.routes = new Routes(options.upstreams());
    this.names = new SecretNames(options.redact());
  }

  /**
   * Takes a request.
   *
   * @param context the event loop that it came to
   * @param clients the connections from there
   * @param door the one that it came through, or null for the open listener
   */
  void handle(HttpServerRequest request, Context context, Clients clients, @Nullable Door door) {
    OwnAddress own = OwnAddress.of(request);
    String listen = options.listen().getHostString();
    switch (RequestTarget.of(
        request.method().name(), request.uri(), authority -> own.is(authority, listen))) {
      case RequestTarget.Bad(Refusal refusal) -> refuse(request, refusal, Provider.OTHER);
      case RequestTarget.Local(String path) -> {
        List<HttpHeader> headers = Headers.list(request.headers());
        Route route = routes.of(path, headers, own::upstream);
        Redaction redaction = new Redaction(searches, names);
        if (route.token() != null) {
          redaction.know(route.token());
        }
        switch (caller(request, headers, route, redaction, door)) {
          case Caller.Stranger(Refusal refusal) -> refuse(request, refusal, route.api());
          case Caller.Known(ApiSessions.Place place, boolean inSession, Refusal refusal) -> {
            Route taken = inSession ? route.withKeys() : route;
            Refusal why =
                refusal != null ? refusal : taken.refusal(request.method().name(), headers);
            Admitted admitted = admit(request, place, why);
            Relay relay =
                new Relay(
                    context, clients, options, request, headers, taken, admitted.place, redaction);
            relay(request, relay, admitted.refusal);
          }
        }
      }
    }
  }

  /** A request with a place in which it is recorded, and why it goes no further, or null. */
  private record Admitted(ApiSessions.Place place, @Nullable Refusal refusal) {}

  /** Counts a request that goes on; one that is refused takes nothing but its place. */
  private Admitted admit(
      HttpServerRequest request, ApiSessions.Place place, @Nullable Refusal refusal) {
    ApiSessions.Place there = place.andThen(connections.exchange(request));
    if (refusal != null) {
      return new Admitted(there, refusal);
    }
    SessionInfo session = place.session();
    Refusal full = exchanges.begin(session.id());
    if (full != null) {
      return new Admitted(there, full);
    }
    ApiSessions.Place counted = there.andThen(() -> exchanges.ended(session.id()));
    Refusal spent = consumption.begin(session);
    return spent == null
        ? new Admitted(counted.andThen(() -> consumption.ended(session)), null)
        : new Admitted(counted, spent);
  }

  private void relay(HttpServerRequest request, Relay relay, @Nullable Refusal refusal) {
    if (refusal == null) {
      relay.start();
    } else {
      refusals.refused(request, refusal);
      relay.refuse(refusal);
    }
  }

  /** Answers without passing on or recording anything. */
  private void refuse(HttpServerRequest request, Refusal refusal, Provider api) {
    refusals.refused(request, refusal);
    Messages.discard(request);
    refusal.send(request.response(), refusal.body(api));
  }

  private Caller caller(
      HttpServerRequest request,
      List<HttpHeader> headers,
      Route route,
      Redaction redaction,
      @Nullable Door door) {
    return door != null
        ? callers.through(door, route.token())
        : callers.open(
            route.token(), () -> objection(request), () -> unnamed(request, headers, redaction));
  }

  /** Why a caller without a session's token is sent away: a machine or a page that may not call. */
  private @Nullable Refusal objection(HttpServerRequest request) {
    InetAddress from = address(request.remoteAddress());
    if (!options.openTo().covers(from, address(request.localAddress()))) {
      return Refusal.needsToken(from == null ? "it" : from.getHostAddress());
    }
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

  private static @Nullable InetAddress address(@Nullable SocketAddress of) {
    String host = of == null ? null : of.hostAddress();
    return host == null ? null : InetAddress.ofLiteral(host);
  }

  private Optional<ApiSessions.Place> unnamed(
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
