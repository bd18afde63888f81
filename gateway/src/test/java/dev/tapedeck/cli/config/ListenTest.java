package dev.tapedeck.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListenTest {

  @Test
  void hostsAndPortsReadBackAsWritten() {
    for (String text : List.of("127.0.0.1:2222", "[::1]:22", "gw.example.org:0", "off")) {
      assertThat(Listen.parse(text)).hasToString(text);
    }
    assertThat(Listen.parse("[::1]:22")).isEqualTo(new Listen.At("::1", 22));
  }

  @Test
  void aHostThatIsNoneIsSaidInASentence() {
    assertThatThrownBy(() -> new Listen.At("no-such-host.invalid", 1).address("--api"))
        .hasMessage(
            "cannot listen on no-such-host.invalid:1: no host has that name; choose another with"
                + " --api HOST:PORT");
  }

  @Test
  void everythingElseIsRefusedWithWhatIsAllowed() {
    for (String text :
        List.of(
            "", "2222", ":22", "host", "host:", "::1:22", "h:-1", "h:65536", "h:x", " h:1",
            "Off")) {
      assertThatThrownBy(() -> Listen.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be HOST:PORT");
    }
  }
}
