package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the gateway without a session's token. */
class OpenToTest {

  private static final InetAddress GATEWAY = InetAddress.ofLiteral("192.0.2.99");

  private static boolean covers(OpenTo openTo, String from) {
    return openTo.covers(InetAddress.ofLiteral(from), GATEWAY);
  }

  @Test
  void thisMachineIsAllThatItIsOpenToByItself() throws Exception {
    assertThat(covers(OpenTo.MACHINE, "127.0.0.1")).isTrue();
    assertThat(covers(OpenTo.MACHINE, "127.4.5.6")).isTrue();
    assertThat(covers(OpenTo.MACHINE, "::1")).isTrue();
    assertThat(covers(OpenTo.MACHINE, "192.0.2.99")).as("its own address").isTrue();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress own : each.inetAddresses().toList()) {
        assertThat(OpenTo.MACHINE.covers(own, GATEWAY)).as(own.toString()).isTrue();
      }
    }
    assertThat(covers(OpenTo.MACHINE, "172.17.0.2")).as("a container").isFalse();
    assertThat(covers(OpenTo.MACHINE, "2001:db8::1")).isFalse();
    assertThat(OpenTo.MACHINE.covers(null, GATEWAY)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "172.17.0.0/16,172.17.255.255,true",
    "172.17.0.0/16,172.18.0.0,false",
    "198.51.100.7,198.51.100.7,true",
    "198.51.100.7,198.51.100.8,false",
    "198.51.100.6/31,198.51.100.7,true",
    "0.0.0.0/0,198.51.100.8,true",
    "0.0.0.0/0,2001:db8::1,false",
    "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
    "any,2001:db8:8000::1,true",
  })
  void aNetworkOfTheOwnersIsAsWide(String network, String from, boolean covered) {
    assertThat(covers(new OpenTo(List.of("203.0.113.1", network)), from)).isEqualTo(covered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "all",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0/8",
        "host",
        "::/129"
      })
  void whatIsNoNetworkIsRefusedWithWhatIsAllowed(String network) {
    assertThatThrownBy(() -> OpenTo.check(network))
        .hasMessage(
            "must be an address, ADDRESS/BITS (10.0.0.0/8) or any (got \"" + network + "\")");
  }
}
