package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.testing.Authority;
import dev.tapedeck.testing.ScriptedUpstream;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientsTest {

  private static final String HOSTS = "127.0.0.1 api.model.test model localhost\n";

  /** The library closes clients that nobody holds any more. */
  private final List<Clients> held = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "api.model.test, api.model.test",
    "model, model",
    "localhost, localhost",
    "127.0.0.1, ''"
  })
  void anUpstreamIsToldTheNameThatItIsCalledByButNoAddress(String host, String told)
      throws Exception {
    Authority authority = new Authority("ours");
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(
                    new AddressResolverOptions().setHostsValue(Buffer.buffer(HOSTS))));
    try (ScriptedUpstream server =
        ScriptedUpstream.start(
            (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
            authority.identity(host),
            "http/1.1")) {
      Upstream upstream =
          new Upstream(
              "anthropic",
              server.url(host),
              null,
              new TrustedCertificates(List.of(authority.certificate())));
      InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      Clients clients = new Clients(vertx, ApiOptions.of(anywhere, List.of(upstream), false));
      held.add(clients);
      Buffer answer =
          clients
              .request(upstream, HttpMethod.GET, "/v1/models", /* anew= */ false)
              .compose(connected -> connected.request().send())
              .compose(HttpClientResponse::body)
              .await(20, TimeUnit.SECONDS);
      assertThat(answer).hasToString("ok");
      assertThat(server.names()).containsExactly(told);
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
