package dev.tapedeck.pump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is hidden, at the edges that real programs seldom come to. */
class StreamTapTest {

  private static final String TRAMP = "///c754c4a938ac99334fbfc7e6afffd535#$";

  private final List<Event> inputs = new CopyOnWriteArrayList<>();

  @Test
  void anAnswerEndsWithItsLine() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of("login\r\nPassword: "));
    tap.input(Bytes.of("secret\rls\r"), Echo.SHOWN);
    assertThat(inputs).containsExactly(new Event.HiddenInput(7), new Event.Input(Bytes.of("ls\r")));
  }

  @Test
  void aQuestionThatThePersonTypedIsNone() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of("$ "));
    tap.input(Bytes.of("echo token:"), Echo.SHOWN);
    tap.output(Bytes.of("echo token:"));
    tap.input(Bytes.of(" x\r"), Echo.SHOWN);
    assertThat(inputs)
        .containsExactly(
            new Event.Input(Bytes.of("echo token:")), new Event.Input(Bytes.of(" x\r")));
  }

  @Test
  void aQuestionThatTheCursorLeftIsStillOne() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of("\033[5;1HPassword: \033[24;1H[0] 0:su\033[5;11H"));
    tap.input(Bytes.of("secret"), Echo.SHOWN);
    assertThat(inputs).containsExactly(new Event.HiddenInput(6));
  }

  @Test
  void aQuestionOnAScreenThatIsDrawnAgainIsStillOne() throws IOException {
    StreamTap tap = onTerminal();
    String line = "\033[K\r\n";
    tap.output(Bytes.of("\033[?1049;1h\033[H\033[2JPassword: "));
    tap.output(Bytes.of("\033[HPassword: " + line + line + line + "\033[24;1H[0] 0:su\033[1;11H"));
    tap.input(Bytes.of("secret\r"), Echo.SHOWN);
    tap.output(Bytes.of("\r\n\033[?1049l$ "));
    tap.input(Bytes.of("ls\r"), Echo.SHOWN);
    assertThat(inputs).containsExactly(new Event.HiddenInput(7), new Event.Input(Bytes.of("ls\r")));
  }

  @Test
  void aQuestionThatIsDrawnAgainWithStarsIsStillOne() throws IOException {
    StreamTap tap = onTerminal();
    for (String drawn : List.of("", "*", "**")) {
      tap.output(Bytes.of("\r\033[K? API key: \033[36m" + drawn));
      tap.input(Bytes.of("k"), Echo.SHOWN);
    }
    assertThat(inputs)
        .containsExactly(
            new Event.HiddenInput(1), new Event.HiddenInput(1), new Event.HiddenInput(1));
  }

  @Test
  void aQuestionAfterBulkIsSeen() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of("x".repeat(30_000) + " password: "));
    tap.input(Bytes.of("s"), Echo.SHOWN);
    assertThat(inputs).containsExactly(new Event.HiddenInput(1));
  }

  @Test
  void aSilentShellOfTrampIsToldCommands() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of("#$ "));
    tap.input(Bytes.of("PS1=x\n"), Echo.HIDDEN);
    tap.output(Bytes.of("done\n" + TRAMP));
    tap.input(Bytes.of("f () {\n cat\n}\n"), Echo.HIDDEN);
    assertThat(inputs)
        .containsExactly(
            new Event.Input(Bytes.of("PS1=x\n")), new Event.Input(Bytes.of("f () {\n cat\n}\n")));
  }

  @Test
  void whatTrampAnswersToSudoIsHidden() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of(TRAMP));
    tap.input(Bytes.of("sudo -s\n"), Echo.HIDDEN);
    tap.output(Bytes.of("[sudo] password for alice: "));
    tap.input(Bytes.of("secret\n"), Echo.HIDDEN);
    assertThat(inputs)
        .containsExactly(new Event.Input(Bytes.of("sudo -s\n")), new Event.HiddenInput(7));
  }

  @Test
  void aLineThatASilentProgramReadsUnaskedIsHidden() throws IOException {
    StreamTap tap = onTerminal();
    tap.output(Bytes.of(TRAMP));
    tap.input(Bytes.of("read x\n"), Echo.HIDDEN);
    tap.input(Bytes.of("secret\n"), Echo.HIDDEN);
    tap.output(Bytes.of("$ "));
    tap.input(Bytes.of("secret\n"), Echo.HIDDEN);
    assertThat(inputs)
        .containsExactly(
            new Event.Input(Bytes.of("read x\n")),
            new Event.HiddenInput(7),
            new Event.HiddenInput(7));
  }

  @Test
  void withoutATerminalNothingIsHidden() throws IOException {
    StreamTap tap = tap(false);
    tap.output(Bytes.of("Password: "));
    tap.input(Bytes.of("data"), Echo.SHOWN);
    assertThat(inputs).containsExactly(new Event.Input(Bytes.of("data")));
  }

  private StreamTap onTerminal() throws IOException {
    return tap(true);
  }

  private StreamTap tap(boolean terminal) throws IOException {
    Recorder recorder =
        new Recorder() {
          @Override
          public void started(SessionInfo session) {}

          @Override
          public void record(Frame frame) {
            if (frame.event() instanceof Event.Input
                || frame.event() instanceof Event.HiddenInput) {
              inputs.add(frame.event().copy());
            }
          }

          @Override
          public void ended(SessionInfo session, Instant time, String reason) {}
        };
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "127.0.0.1:1", Instant.now(), Map.of());
    return new StreamTap(
        Session.start(info, List.of(recorder), List.of())
            .open(TrackType.SHELL, new Event.TrackOpened(Instant.now(), null, null, Map.of())),
        Echo.SHOWN,
        terminal);
  }
}
