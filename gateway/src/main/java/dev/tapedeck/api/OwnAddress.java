package dev.tapedeck.api;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.URI;

/**
 * Where a client has reached this gateway: by that end of its connection, not by what the client
 * says.
 *
 * @param host as it stands in an address: brackets around IPv6
 */
record OwnAddress(String host, int port) {

  static OwnAddress of(HttpServerRequest request) {
    SocketAddress local = request.localAddress();
    String host = local == null ? null : local.hostAddress();
    if (local == null || host == null) {
      return new OwnAddress("localhost", 0);
    }
    int zone = host.indexOf('%');
    String plain = zone < 0 ? host : host.substring(0, zone);
    return new OwnAddress(plain.contains(":") ? "[" + plain + "]" : plain, local.port());
  }

  /**
   * Whether that is this address.
   *
   * @param listen the name that the gateway was told to listen on
   */
  boolean is(String authority, String listen) {
    return authority.equalsIgnoreCase(host + ":" + port)
        || authority.equalsIgnoreCase("localhost:" + port)
        || authority.equalsIgnoreCase(listen + ":" + port);
  }

  /** What stands for an upstream where a request goes to none. */
  Upstream upstream() {
    return new Upstream("tapedeck", URI.create("http://" + host + ":" + port), null);
  }
}
