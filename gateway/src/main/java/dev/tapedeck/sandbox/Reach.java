package dev.tapedeck.sandbox;

import java.net.InetSocketAddress;

/** Whether the programs of a sandbox reach a service of the gateway, and where. */
public sealed interface Reach {

  /**
   * They reach it.
   *
   * @param address what they connect to, host and port: {@code 127.0.0.1:3344}
   */
  record At(String address) implements Reach {
    public static At of(InetSocketAddress address) {
      String host = address.getAddress().getHostAddress();
      return new At((host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }
  }

  /**
   * They do not.
   *
   * @param reason one sentence: what this engine or this machine lacks
   */
  record Nowhere(String reason) implements Reach {}
}
