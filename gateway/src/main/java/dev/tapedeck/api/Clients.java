package dev.tapedeck.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.net.TrustOptions;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** Connections to the upstreams from one event loop, kept for the next exchange. */
final class Clients {

  /**
   * More than this at once to one upstream wait for one another. The same for HTTP/2: what an
   * upstream speaks shows when it is connected, and until then the pool reckons with the smaller
   * limit, and makes requests wait that have come by then, for answers that may take minutes.
   */
  private static final int MAX_CONNECTIONS = 10_000;

  /** Below what servers keep connections open for: 60 s and more. */
  private static final int KEEP_ALIVE_SECONDS = 50;

  private static final int HTTP2_WINDOW_BYTES = 1 << 20;

  private final Vertx vertx;
  private final ApiOptions options;
  private final Map<String, HttpClientAgent> clients = new HashMap<>();

  /** The request behind TLS that an upstream was connected for, while that connection lasts. */
  private final Map<String, Future<HttpClientRequest>> firsts = new HashMap<>();

  /** Those that have carried an exchange. */
  private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());

  Clients(Vertx vertx, ApiOptions options) {
    this.vertx = vertx;
    this.options = options;
    for (Upstream upstream : options.upstreams()) {
      clients.put(upstream.name(), client(upstream));
    }
  }

  private HttpClientAgent client(Upstream upstream) {
    HttpClientOptions client =
        new HttpClientOptions()
            .setSsl(upstream.tls())
            .setUseAlpn(upstream.tls())
            .setForceSni(upstream.tls() && upstream.singleLabel())
            .setProtocolVersion(upstream.tls() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
            .setConnectTimeout((int) options.connectTimeout().toMillis())
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setHttp2ConnectionWindowSize(HTTP2_WINDOW_BYTES)
            .setMaxInitialLineLength(ApiOptions.MAX_LINE_BYTES)
            .setMaxHeaderSize(ApiOptions.MAX_HEAD_BYTES)
            .setMaxChunkSize(ApiOptions.MAX_CHUNK_BYTES)
            .setTcpNoDelay(true);
    client.getInitialSettings().setInitialWindowSize(HTTP2_WINDOW_BYTES);
    TrustedCertificates trusted = upstream.trusted();
    if (trusted != null) {
      client.setTrustOptions(TrustOptions.wrap(trusted.check()));
    }
    PoolOptions pool =
        new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setHttp2MaxSize(MAX_CONNECTIONS);
    return vertx
        .httpClientBuilder()
        .with(client)
        .with(pool)
        .withConnectHandler(UpstreamWire::of)
        .build();
  }

  /**
   * A request that can be sent.
   *
   * @param reused whether its connection has carried another
   * @param alone whether its connection will carry no other
   */
  record Connected(HttpClientRequest request, boolean reused, boolean alone, UpstreamWire wire) {

    /** Wants no answer any more. */
    void cancel() {
      request.reset(Messages.CANCEL);
      if (alone) {
        request.connection().close();
      }
    }
  }

  /**
   * A connection for one request.
   *
   * @param anew none that is kept, but one of its own; whoever takes it cancels the request
   *     afterwards
   */
  Future<Connected> request(Upstream upstream, HttpMethod method, String target, boolean anew) {
    HttpClientAgent client = clients.get(upstream.name());
    if (client == null) {
      throw new IllegalArgumentException("no such upstream: " + upstream.name());
    }
    RequestOptions request = to(upstream, new RequestOptions());
    request.setMethod(method).setURI(target).setFollowRedirects(false);
    if (anew) {
      return client
          .connect(to(upstream, new HttpConnectOptions()))
          .compose(made -> made.request(request).map(ready -> connected(ready, made)));
    }
    return ready(upstream, client, request).map(ready -> connected(ready, ready.connection()));
  }

  private Connected connected(HttpClientRequest request, HttpConnection connection) {
    boolean reused = !used.add(connection);
    return connection instanceof UnpooledHttpClientConnection own
        ? new Connected(request, reused, /* alone= */ true, UpstreamWire.of(own.unwrap()))
        : new Connected(request, reused, /* alone= */ false, UpstreamWire.of(connection));
  }

  private static <T extends HttpConnectOptions> T to(Upstream upstream, T options) {
    // Addresses of version 6 in brackets, also to connect to: the library checks them as such.
    String host = upstream.host().contains(":") ? "[" + upstream.host() + "]" : upstream.host();
    options.setHost(host).setPort(upstream.port());
    return options;
  }

  /**
   * Requests that come together wait for the first's connection: it may carry them all, and only
   * then is it known.
   */
  private Future<HttpClientRequest> ready(
      Upstream upstream, HttpClientAgent client, RequestOptions request) {
    Future<HttpClientRequest> first = firsts.get(upstream.name());
    if (first != null) {
      return first.isComplete()
          ? client.request(request)
          : first.transform((_, _) -> client.request(request));
    }
    Future<HttpClientRequest> made = client.request(request);
    if (upstream.tls()) {
      firsts.put(upstream.name(), made);
      made.onSuccess(
              ready -> ready.connection().closeHandler(_ -> firsts.remove(upstream.name(), made)))
          .onFailure(_ -> firsts.remove(upstream.name(), made));
    }
    return made;
  }
}
