package dev.tapedeck.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From where clients may use the gateway without a session's token, beside this machine. A
 * container with a network of its own is another machine in this.
 *
 * @param networks addresses and networks, as {@code 192.0.2.0/24}; {@code any} for all
 */
public record OpenTo(List<String> networks) {

  /** This machine alone. */
  public static final OpenTo MACHINE = new OpenTo(List.of());

  private static final String ANY = "any";
  private static final Pattern ADDRESS =
      Pattern.compile("\\d+(\\.\\d+){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /**
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  public OpenTo {
    networks = List.copyOf(networks);
    networks.forEach(OpenTo::check);
  }

  /**
   * Holds one against what is allowed.
   *
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  public static String check(String network) {
    if (!network.equals(ANY)) {
      parse(network);
    }
    return network;
  }

  /** An address, of which the first bits count. */
  private record Network(InetAddress address, int bits) {
    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        int place = bit / Byte.SIZE;
        if ((mine[place] & mask) != (theirs[place] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static Network parse(String text) {
    int slash = text.indexOf('/');
    String written = slash < 0 ? text : text.substring(0, slash);
    try {
      if (!ADDRESS.matcher(written).matches()) {
        throw new IllegalArgumentException("10.1 would be 10.0.0.1");
      }
      InetAddress address = InetAddress.ofLiteral(written);
      int most = address.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
      if (bits >= 0 && bits <= most) {
        return new Network(address, bits);
      }
    } catch (IllegalArgumentException _) {
      // As the sentence below says.
    }
    throw new IllegalArgumentException(
        "must be an address, ADDRESS/BITS (10.0.0.0/8) or any (got \"" + text + "\")");
  }

  /**
   * Whether a client may.
   *
   * @param from the client's end of the connection
   * @param to the gateway's end
   */
  boolean covers(@Nullable InetAddress from, @Nullable InetAddress to) {
    if (from == null) {
      return false;
    }
    return from.isLoopbackAddress()
        || from.equals(to) // who calls one of this machine's addresses from it has the same
        || isOwn(from)
        || networks.stream()
            .anyMatch(network -> network.equals(ANY) || parse(network).contains(from));
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(plain(address)) != null;
    } catch (SocketException e) {
      return false; // what cannot be told is not this machine
    }
  }

  /** Without a zone, which the address of an interface has not always. */
  private static InetAddress plain(InetAddress address) throws SocketException {
    try {
      return address instanceof Inet6Address
          ? InetAddress.getByAddress(address.getAddress())
          : address;
    } catch (UnknownHostException e) {
      throw new SocketException(e.getMessage());
    }
  }
}
