package dev.tapedeck.ssh.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScpCommandTest {

  @Test
  void whatTheClientSendsIsATransfer() {
    assertThat(parse("scp -t /tmp")).contains(new ScpCommand(true, List.of("/tmp")));
    assertThat(parse("scp -r -p -f a.txt")).contains(new ScpCommand(false, List.of("a.txt")));
    assertThat(parse("/usr/bin/scp -v -d -t .")).contains(new ScpCommand(true, List.of(".")));
    assertThat(parse("scp -qrpt dir")).contains(new ScpCommand(true, List.of("dir")));
    assertThat(parse("scp -t -- -odd")).contains(new ScpCommand(true, List.of("-odd")));
  }

  @Test
  void quotedNamesAndPatternsAreNames() {
    assertThat(parse("scp -f 'a b; rm -rf y' \"it's\" c\\ d *.txt ~/x"))
        .contains(new ScpCommand(false, List.of("a b; rm -rf y", "it's", "c d", "*.txt", "~/x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scp -t x; rm -rf y",
        "scp -t x && cat /etc/passwd",
        "scp -t x || cat /etc/passwd",
        "scp -t x & cat /etc/passwd",
        "scp -t x | tee y",
        "scp -t x > y",
        "scp -f x < y",
        "scp -f $(cat /etc/passwd)",
        "scp -f `cat /etc/passwd`",
        "scp -f \"$(cat /etc/passwd)\"",
        "scp -f \"`cat /etc/passwd`\"",
        "scp -f $HOME/x",
        "scp -f \"${x:=y}\"",
        "scp -t x\ncat /etc/passwd",
        "scp -t x\rcat /etc/passwd",
        "scp -t 'x\ncat /etc/passwd'",
        "scp -t 'x",
        "scp -t \"x",
        "scp -t x\\",
        "scp -t x # y",
        "scp -f {a,b}",
        "(scp -t x)",
        "scp -S /tmp/evil -t x",
        "scp -oProxyCommand=evil -t x",
        "scp -t -S evil x",
        "scp -f -t x",
        "scp -t x y",
        "scp -t",
        "scp -f",
        "scp a b",
        "scp",
        "scpx -t x",
        "/tmp/scp -t x",
        "./scp -t x",
        "X=y scp -t x",
        "sudo scp -t x",
        "exec scp -t x",
        "",
        " "
      })
  void whateverCouldDoMoreIsAnOrdinaryCommand(String line) {
    assertThat(parse(line)).isEmpty();
  }

  @Test
  void anEndlessLineIsAnOrdinaryCommand() {
    String path = "x".repeat(ScpCommand.MAX_LINE_CHARS - "scp -t ".length());
    assertThat(parse("scp -t " + path)).isPresent();
    assertThat(parse("scp -t " + path + "x")).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8AreWrittenInHex() {
    byte[] line = "scp -t 'caf\u00e9 \\xe9'".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ScpCommand.parse(Bytes.of(line)))
        .contains(new ScpCommand(true, List.of("caf\\xe9 \\x5cxe9")));
  }

  @Test
  void argumentsAreWhatFollowsTheProgramAsItStands() {
    for (String program : List.of("scp", "/usr/bin/scp", " 'scp'", "\t\"/bin/scp\"")) {
      assertThat(ScpCommand.arguments(Bytes.of(program + " -f -- 'a b' ~/x*")).text())
          .isEqualTo(" -f -- 'a b' ~/x*");
    }
  }

  private static Optional<ScpCommand> parse(String line) {
    return ScpCommand.parse(Bytes.of(line));
  }
}
