package dev.tapedeck.cli.config;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where a gateway listens, or that it does not. */
public sealed interface Listen {

  /** The highest TCP port. */
  int MAX_PORT = 65_535;

  /** What is allowed, for errors and help. */
  String ALLOWED = "HOST:PORT (127.0.0.1:2222, [::1]:2222; port 0: any free port) or off";

  /** Nowhere. */
  record Off() implements Listen {
    @Override
    public String toString() {
      return "off";
    }
  }

  /**
   * On one address.
   *
   * @param host a name or an address, IPv6 without brackets
   * @param port 0 to 65535; 0 lets the system choose
   */
  record At(String host, int port) implements Listen {
    public At {
      if (host.isEmpty() || port < 0 || port > MAX_PORT) {
        throw new IllegalArgumentException("unknown host: " + host + ":" + port);
      }
    }

    /**
     * Where that is.
     *
     * @param option what chooses another
     * @throws UnknownHostException in a sentence, if there is no such host
     */
    public InetSocketAddress address(String option) throws UnknownHostException {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException(
            "cannot listen on "
                + this
                + ": no host has that name; choose another with "
                + option
                + " HOST:PORT");
      }
      return address;
    }

    /** As a person writes it, IPv6 in brackets. */
    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Reads {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code off}.
   *
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  static Listen parse(String text) {
    if (text.equals("off")) {
      return new Off();
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw refused(text, "an IPv6 address goes in brackets");
    }
    if (host.isBlank() || !host.strip().equals(host)) {
      throw refused(text, "it has no host and port");
    }
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
      throw refused(text, "ports go from 0 to " + MAX_PORT);
    }
    return new At(host, Integer.parseInt(port));
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException(
        "must be " + ALLOWED + " (got \"" + text + "\": " + why + ")");
  }
}
