package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.cli.Run;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.RecordingOptions.Policy;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.testing.Needs;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever wants to do something off the record finds no way: what was typed and shown is in the
 * recording, or the recording says what is not. Each time another session then logs in, and is
 * recorded whole.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class EvasionContract {

  /** Small, so that a test reaches it soon. */
  private static final long LIMIT = 256 * 1024;

  private final Map<Policy, LiveGateway> gateways = new EnumMap<>(Policy.class);

  protected abstract Engine newEngine() throws Exception;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Needs.program("openssh", "ssh");
    Sharing sharing = new Sharing(Sharing.Per.USER, Duration.ofMinutes(5));
    for (Policy policy : Policy.values()) {
      RecordingOptions recording =
          new RecordingOptions(policy, true, LIMIT, Duration.ofSeconds(5), 1 << 20);
      Path home = Files.createDirectory(folder.resolve(policy.name()));
      gateways.put(policy, LiveGateway.sharing(home, newEngine(), recording, sharing));
    }
  }

  @AfterAll
  void stop() {
    gateways.values().forEach(LiveGateway::close);
  }

  private Shell.Result ssh(Policy policy, String typed, List<String> options, String command)
      throws Exception {
    LiveGateway gateway = gateways.get(policy);
    return Shell.run(
        gateway.home(),
        typed.getBytes(UTF_8),
        gateway.ssh(options, command).toArray(String[]::new));
  }

  private SessionRecord sealed(Policy policy, String command) {
    return gateways.get(policy).sealed(command);
  }

  private byte[] cat(Policy policy, SessionRecord record, String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.add(record.id().toString());
    Path data = gateways.get(policy).home().resolve("data");
    return Run.of(data, "cat", words.toArray(String[]::new)).bytes();
  }

  private void assertFound(Policy policy, String words, SessionRecord record) {
    Path data = gateways.get(policy).home().resolve("data");
    assertThat(Run.of(data, "reindex").status()).isZero();
    assertThat(Run.of(data, "search", "--json", words).out()).contains(record.id().toString());
  }

  private void assertNextSessionIsWhole(Policy policy) throws Exception {
    String command = "echo next $$";
    Shell.Result next = ssh(policy, "", List.of(), command).expect(0);
    SessionRecord record =
        gateways
            .get(policy)
            .sealed(known ->
                known.status() == Status.COMPLETE
                    && known.tracks().stream().anyMatch(track -> command.equals(track.command())));
    assertThat(cat(policy, record)).asString(UTF_8).startsWith("next ");
    assertThat(next.text()).startsWith("next ");
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void functionCalledScpIsNoTransfer(Policy policy) throws Exception {
    ssh(policy, "scp(){ exec bash -i 2>&1; }\n", List.of(), "cat > .bashrc").expect(0);
    String command = "scp -t function-" + policy;
    Shell.Result result = ssh(policy, "echo secret-$((6*7))\nexit\n", List.of(), command);
    assertThat(result.text()).doesNotContain("secret-42");
    SessionRecord record = sealed(policy, command);
    assertThat(cat(policy, record, "--input")).asString(UTF_8).contains("echo secret-$((6*7))");
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    ssh(policy, "", List.of(), "rm .bashrc").expect(0);
    assertNextSessionIsWhole(policy);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void whatFollowsANulIsOnRecord(Policy policy) throws Exception {
    shellBehind(policy, "printf '\\0'");
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void whatFollowsAnOddByteIsOnRecord(Policy policy) throws Exception {
    shellBehind(policy, "printf '\\033[m\\017'");
    shellBehind(policy, "printf '\\351\\350'");
    shellBehind(policy, "head -c 3000 /dev/urandom");
  }

  private void shellBehind(Policy policy, String odd) throws Exception {
    String command = odd + "; exec bash -i 2>&1";
    Shell.Result result =
        ssh(policy, "echo hidden-$((6*7))-words; echo $HOME\nexit\n", List.of(), command);
    assertThat(new String(result.out(), ISO_8859_1)).contains("hidden-42-words");
    SessionRecord record = sealed(policy, command);
    assertThat(cat(policy, record)).isEqualTo(result.out());
    assertThat(cat(policy, record, "--input")).asString(UTF_8).contains("hidden-$((6*7))-words");
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    assertFound(policy, "hidden-42-words", record);
    assertNextSessionIsWhole(policy);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void textInAnOldEncodingIsOnRecordWithATerminalAndWithout(Policy policy) throws Exception {
    for (String charset : List.of("KOI8-R", "GBK", "Shift_JIS")) {
      byte[] text = "\u043f\u0430\u0440\u043e\u043b\u044c".getBytes(Charset.forName(charset));
      StringBuilder octal = new StringBuilder();
      for (byte one : text) {
        octal.append("\\%03o".formatted(one & 0xff));
      }
      String command = "printf '" + octal + " " + charset + "'";
      for (List<String> options : List.<List<String>>of(List.of(), List.of("-tt"))) {
        String named = command + "; : " + options;
        Shell.Result result = ssh(policy, "", options, named).expect(0);
        assertThat(result.out()).startsWith(text);
        SessionRecord record = sealed(policy, named);
        assertThat(cat(policy, record)).isEqualTo(result.out());
        assertThat(record.status()).isEqualTo(Status.COMPLETE);
      }
    }
    assertNextSessionIsWhole(policy);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void moreBytesThanAreKeptAreSaidToBeMissingOrDoNotPass(Policy policy) throws Exception {
    String command = "head -c 1000000 /dev/urandom; echo secret words >&2";
    Shell.Result result = ssh(policy, "", List.of(), command);
    SessionRecord record = sealed(policy, command);
    assertThat(record.status()).isEqualTo(Status.GAP);
    byte[] kept = cat(policy, record);
    switch (policy) {
      case BEST_EFFORT -> {
        result.expect(0);
        assertThat(new String(kept, ISO_8859_1).contains("secret words\n")).isTrue();
        assertThat(record.gaps())
            .singleElement()
            .satisfies(gap -> assertThat(gap.bytes()).isPositive());
        assertFound(policy, "secret words", record);
      }
      case STRICT -> {
        assertThat(result.status()).isEqualTo(255);
        assertThat(result.err())
            .contains("strict recording lets nothing pass that it does not keep");
        assertThat(kept).as("what the client got").startsWith(result.out());
      }
    }
    assertNextSessionIsWhole(policy);
  }
}
