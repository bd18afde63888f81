package dev.tapedeck.testing;

import dev.tapedeck.testing.Authority.Identity;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for a model API behind TLS that offers h2 and http/1.1, as all the large ones do. */
public final class Http2Upstream implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;

  public Http2Upstream(Identity identity, Handler<HttpServerRequest> script) throws Exception {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addKeyValue(Buffer.buffer(identity.keyPem()))
                            .addCertValue(Buffer.buffer(identity.chainPem()))))
            .connectionHandler(_ -> connections.incrementAndGet())
            .requestHandler(request -> {
              requests.incrementAndGet();
              script.handle(request);
            })
            .listen(0, "127.0.0.1")
            .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public URI url(String host) {
    return URI.create("https://" + host + ":" + server.actualPort());
  }

  /** How many connections came as far as to HTTP. */
  public int connections() {
    return connections.get();
  }

  public int requests() {
    return requests.get();
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
