package dev.tapedeck.cli.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalInputTest {

  private static List<PlayKey> keys(String sent) {
    List<PlayKey> keys = new ArrayList<>();
    TerminalInput input = new TerminalInput(keys::add);
    for (byte b : sent.getBytes(StandardCharsets.UTF_8)) {
      input.take(new byte[] {b}, 1);
    }
    return keys;
  }

  @Test
  void keysOfEveryKindOfTerminal() {
    assertThat(keys(" .q")).containsExactly(PlayKey.PAUSE, PlayKey.STEP, PlayKey.QUIT);
    assertThat(keys("\033[D\033[C\033OD\033OC"))
        .containsExactly(PlayKey.BACK, PlayKey.FORWARD, PlayKey.BACK, PlayKey.FORWARD);
    assertThat(keys("\033[5~\033[6~\033[H\033[1~\033OH"))
        .containsExactly(
            PlayKey.FAR_BACK,
            PlayKey.FAR_FORWARD,
            PlayKey.BEGINNING,
            PlayKey.BEGINNING,
            PlayKey.BEGINNING);
    assertThat(keys("\u0003\u001a\u001c"))
        .containsExactly(PlayKey.QUIT, PlayKey.SUSPEND, PlayKey.QUIT);
    assertThat(keys("\033 ")).as("Escape, then a key").containsExactly(PlayKey.PAUSE);
  }

  @Test
  void keysAsTheRecordingWantedThemReported() {
    assertThat(keys("\033[99;5u")).as("kitty's Ctrl-C").containsExactly(PlayKey.QUIT);
    assertThat(keys("\033[27;5;99~")).as("xterm's Ctrl-C").containsExactly(PlayKey.QUIT);
    assertThat(keys("\033[122;5u")).containsExactly(PlayKey.SUSPEND);
    assertThat(keys("\033[32u\033[46;1:1u\033[46;1:3u"))
        .as("a release is no press")
        .containsExactly(PlayKey.PAUSE, PlayKey.STEP);
    assertThat(keys("\033[1;1:1C\033[1;1:3C")).containsExactly(PlayKey.FORWARD);
    assertThat(keys("\033[113;3u")).as("Alt-Q").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\033[?62;1;2;4c",
        "\033[>41;354;0c",
        "\033[24;80R",
        "\033[?2004;2$y",
        "\033[?0u",
        "\033[?997;1n",
        "\033[8;24;80t",
        "\033]11;rgb:1e1e/1e1e/2e2e\033\\",
        "\033]11;rgb:1e1e/1e1e/2e2e\u0007",
        "\033]l. a title q\033\\",
        "\033P1+r544e=787465726d\033\\",
        "\033P>|XTerm. q(388)\033\\",
        "\033_Gi=1;OK. q\033\\",
        "\033[I\033[O",
        "\033[<0;10;20M\033[<0;10;20m",
        "\033[M q.",
        "\033[200~quit. now\033[201~",
        "\u009b24;80R",
        "\u0090>|q. \u009c",
        "\033[A\033[B\033[15~\033OP",
      })
  void whatATerminalAnswersIsNoKey(String answer) {
    assertThat(keys(answer)).isEmpty();
    assertThat(keys(answer + " ")).as("and it ends").containsExactly(PlayKey.PAUSE);
  }

  @Test
  void controlCQuitsFromWithinWhateverWasNotEnded() {
    assertThat(keys("\033]11;never ended\u0003")).containsExactly(PlayKey.QUIT);
    assertThat(keys("\033[200~never ended\u0003")).containsExactly(PlayKey.QUIT);
    assertThat(keys("\033[1;2\u0003 ")).containsExactly(PlayKey.QUIT, PlayKey.PAUSE);
  }

  @Test
  void theReportOfHealthIsTold() {
    assertThat(keys("\033[6;1R\033[0n")).containsExactly(PlayKey.ANSWERED);
  }
}
