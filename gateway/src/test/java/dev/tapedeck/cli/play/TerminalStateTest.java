package dev.tapedeck.cli.play;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalStateTest {

  private static String undo(String... outputs) {
    TerminalState state = new TerminalState();
    for (String output : outputs) {
      state.follow(output);
    }
    return state.undo();
  }

  @Test
  void everythingThatHasNoPlaceOnTheScreenIsUndone() {
    assertThat(undo("x"))
        .startsWith("\033\\")
        .contains("\033(B", "\033)B", "\017") // charsets
        .contains("\033[?1004l", "\033[?2004l", "\033[>4m") // focus, paste, modifyOtherKeys
        .contains("\033[4l", "\033[20l", "\033[?7h", "\033[?5l") // insert, newline, wrap, reverse
        .contains("\033[?1000l", "\033[?1002l", "\033[?1003l", "\033[?1006l") // the mouse
        .contains("\033]104\033\\", "\033]110\033\\", "\033]111\033\\", "\033]112\033\\") // colours
        .contains("\033[0m", "\033[0 q", "\033[?25h", "\033>", "\033[?1l");
  }

  @Test
  void whatMovesTheCursorIsUndoneOnlyWhereItWasDone() {
    assertThat(undo("text", "\033[6;1H", "\033[?25l"))
        .doesNotContain("1049", "\033[r", "\033[?6l", "\033[999;1H", "\033[<");
    assertThat(undo("\033[?1049h")).endsWith("\033[?1049l");
    assertThat(undo("\033[?1049h", "\033[?10", "49l")).doesNotContain("1049");
    assertThat(undo("\033[?25;47h")).endsWith("\033[?47l");
    assertThat(undo("\033[3;9r", "\033[?6h")).contains("\033[?6l\033[r").endsWith("\033[999;1H");
    assertThat(undo("\033[3;9r", "\033[r", "\033[?6h\033[?6l")).doesNotContain("\033[999;1H");
    assertThat(undo("\033[3;9r\033[?1049h")).contains("\033[r").endsWith("\033[?1049l");
    assertThat(undo("\033[3;9r\033[?6h\033[?1049h\033c")).isEqualTo(undo("x"));
  }

  @Test
  void kittysKeyboardModesAreTakenFromBothScreens() {
    assertThat(undo("\033[>1u")).endsWith("\033[<99u");
    assertThat(undo("\033[=5;1u\u001b[?1049h")).endsWith("\033[<99u\033[?1049l\033[<99u");
  }
}
