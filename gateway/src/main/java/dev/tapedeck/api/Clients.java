package dev.tapedeck.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** Connections to the upstreams from one event loop, kept for the next exchange. */
final class Clients {

  /** More than this at once to one upstream wait for one another. */
  private static final int MAX_CONNECTIONS = 10_000;

  /** So many HTTP/2 connections share an upstream's streams. */
  private static final int MAX_HTTP2_CONNECTIONS = 4;

  /** Below what servers keep connections open for: 60 s and more. */
  private static final int KEEP_ALIVE_SECONDS = 50;

  private static final int HTTP2_WINDOW_BYTES = 1 << 20;

  private final Vertx vertx;
  private final ApiOptions options;
  private final Map<String, HttpClient> clients = new HashMap<>();

  /** Those that have carried an exchange. */
  private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());

  Clients(Vertx vertx, ApiOptions options) {
    this.vertx = vertx;
    this.options = options;
    for (Upstream upstream : options.upstreams()) {
      clients.put(upstream.name(), client(upstream));
    }
  }

  private HttpClient client(Upstream upstream) {
    HttpClientOptions client =
        new HttpClientOptions()
            .setSsl(upstream.tls())
            .setUseAlpn(upstream.tls())
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
    PoolOptions pool =
        new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setHttp2MaxSize(MAX_HTTP2_CONNECTIONS);
    return vertx.createHttpClient(client, pool);
  }

  /** A request that can be sent, and whether its connection has carried another. */
  record Connected(HttpClientRequest request, boolean reused) {}

  Future<Connected> request(Upstream upstream, HttpMethod method, String target) {
    HttpClient client = clients.get(upstream.name());
    if (client == null) {
      throw new IllegalArgumentException("no such upstream: " + upstream.name());
    }
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setHost(upstream.host())
            .setPort(upstream.port())
            .setURI(target)
            .setFollowRedirects(false);
    return client
        .request(request)
        .map(ready -> new Connected(ready, !used.add(ready.connection())));
  }
}
