package dev.tapedeck.formats.cast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CastTextTest {

  private static List<String> lines(int columns, String... outputs) {
    List<String> lines = new ArrayList<>();
    CastText text = new CastText(columns, (_, line) -> lines.add(line));
    for (String output : outputs) {
      text.output(0, output);
    }
    text.end();
    return lines;
  }

  record Case(String name, String output, List<String> lines) {
    static Case of(String name, String output, String... lines) {
      return new Case(name, output, List.of(lines));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Case> cases() {
    return List.of(
        Case.of("lines", "a\r\nb\n\r\nc", "a", "b", "", "c"),
        Case.of("colours", "\u001b[1;31mred\u001b[0m \u001b[38;2;1;2;3mx\u001b[m\r\n", "red x"),
        Case.of("colours with colons", "\u001b[38:2::1:2:3mx\r\n", "x"),
        Case.of("title by BEL", "\u001b]0;title\u0007$ ls\r\n", "$ ls"),
        Case.of("title by ST", "\u001b]0;title\u001b\\$ ls\r\n", "$ ls"),
        Case.of("DCS", "a\u001bP1$r0m\u001b\\b\r\n", "ab"),
        Case.of("APC in C1", "a\u009fdrop\u009cb\r\n", "ab"),
        Case.of("CSI in C1", "a\u009b31mb\r\n", "ab"),
        Case.of("charset", "\u001b(0\u001b(Bx\u001b)0\u001b%Gy\r\n", "xy"),
        Case.of("progress", " 10%\r 50%\r100%\r\ndone\r\n", "100%", "done"),
        Case.of("a shorter overwrite leaves the rest", "abcdef\rxy\r\n", "xycdef"),
        Case.of("erase to the end", "abcdef\rxy\u001b[K\r\n", "xy"),
        Case.of("erase the row", "abcdef\u001b[2K\rxy\r\n", "xy"),
        Case.of("erase to the start", "abcdef\b\b\b\u001b[1K\r\n", "    ef"),
        Case.of("backspace", "lx\b \bs\r\n", "ls"),
        Case.of("backspace stops at the edge", "\b\b\bls\r\n", "ls"),
        Case.of("insert by readline", "ca\b\u001b[1@ha\b\r\n", "cha"),
        Case.of("delete characters", "hexllo\r\u001b[2C\u001b[P\r\n", "hello"),
        Case.of("erase characters", "hello\r\u001b[2X\r\n", "  llo"),
        Case.of("cursor to a column", "hello\u001b[1GJ\u001b[6G!\r\n", "Jello!"),
        Case.of("repeat", "-\u001b[4b\r\n", "-----"),
        Case.of("tab", "a\tb\r\n", "a       b"),
        Case.of("tab moves over what is there", "abcdefghij\r\tX\r\n", "abcdefghXj"),
        Case.of("trailing blanks go", "a   \r\n", "a"),
        Case.of("bell and null are nothing", "a\u0007\u0000b\r\n", "ab"),
        Case.of(
            "alternate screen",
            "$ vi\r\n\u001b[?1049h\u001b[2J\u001b[Hsecret\r\n~\u001b[?25h\u001b[?1049l$ exit\r\n",
            "$ vi",
            "$ exit"),
        Case.of("alternate screen by 47", "a\u001b[?25;47hb\u001b[?47lc\r\n", "ac"),
        Case.of("clear", "$ clear\r\n\u001b[H\u001b[2J\u001b[3J$ \r\n", "$ clear", "$"),
        Case.of("clear keeps the line that it leaves", "abc\u001b[2Jx\r\n", "abc", "x"),
        Case.of("cursor home begins a line", "abc\u001b[5;3Hx\r\n", "abc", "  x"),
        Case.of("cursor up begins a line", "one\r\ntwo\u001b[Ax\r\n", "one", "two", "   x"),
        Case.of(
            "zsh's mark of a partial line",
            "%" + " ".repeat(79) + "\r \r\r\u001b[J$ ls\r\n",
            "$ ls"),
        Case.of("a long line stays one", "x".repeat(200) + "\r\n", "x".repeat(200)),
        Case.of(
            "readline over the edge", "a".repeat(80) + " \rbb\u001b[K\r\n", "a".repeat(80) + "bb"),
        Case.of(
            "a full row is still left by a carriage return",
            "a".repeat(80) + "\rb\r\n",
            "b" + "a".repeat(79)),
        Case.of(
            "editing the upper row of a long line",
            "a".repeat(80) + "bbb\u001b[A\rX\r\n",
            "X" + "a".repeat(79) + "bbb"),
        Case.of("wide characters", "漢字\b\bx\r\n", "漢x"),
        Case.of("half of a wide character goes", "漢字\b\b\bx\r\n", " x字"),
        Case.of("marks", "e\u0301\bx\r\ne\u0301!\r\n", "x", "é!".replace("é", "e\u0301")),
        Case.of("emoji", "😀ok\r\n", "😀ok"),
        Case.of("save and restore", "ab\u001b7cd\u001b8X\r\n", "abXd"),
        Case.of("CAN ends a sequence", "\u001b[31\u0018a\u001b]0;t\u001ab\r\n", "ab"),
        Case.of("reset", "abc\u001bcdef\r\n", "abc", "def"),
        Case.of("a bad sequence ends", "\u001b[3漢a\r\n", "漢a"),
        Case.of("prompt without an end", "$ ", "$"),
        Case.of("nothing", ""));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAsAPersonReadIt(Case given) {
    assertThat(lines(80, given.output())).isEqualTo(given.lines());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsTheSameOneCharacterAtATime(Case given) {
    assertThat(lines(80, given.output().split(""))).isEqualTo(given.lines());
  }

  @Test
  void aLineHasTheTimeOfItsFirstCharacter() {
    List<String> lines = new ArrayList<>();
    CastText text = new CastText(80, (time, line) -> lines.add(time + " " + line));
    text.output(1, "$ ");
    text.output(5, "ls\r\n");
    text.output(6, "\r\n");
    text.output(7, "\u001b[32m");
    text.output(8, "a");
    text.end();
    assertThat(lines).containsExactly("1 $ ls", "6 ", "8 a");
  }

  @Test
  void aResizeChangesWhereRowsEnd() {
    List<String> lines = new ArrayList<>();
    CastText text = new CastText(0, (_, line) -> lines.add(line));
    text.event(new CastEvent(0, CastCode.Known.RESIZE, "10x5"));
    text.event(new CastEvent(0, CastCode.Known.INPUT, "typed"));
    text.event(new CastEvent(0, CastCode.Known.OUTPUT, "abcdefghijklm\rXY\r\n"));
    assertThat(lines).containsExactly("abcdefghijXYm");
  }

  @Test
  void anEndlessLineIsCut() {
    List<String> lines = lines(80, "a".repeat(200_000));
    assertThat(lines).hasSize(4);
    assertThat(String.join("", lines)).isEqualTo("a".repeat(200_000));
    assertThat(lines.getFirst()).hasSize(65_528);
  }

  @Test
  void nothingThatATerminalIsSentBreaksIt() {
    Random random = new Random(5);
    String letters =
        "\u001b\u001b\u001b\u001b[[[[?;;0123456789ABCDGHJKPXbdfhlmsu@`\r\n\b\t漢e\u0301😀\u009b]";
    for (int round = 0; round < 3000; round++) {
      StringBuilder output = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        output.append(letters.charAt(random.nextInt(letters.length())));
      }
      int columns = random.nextInt(1, 20);
      assertThat(lines(columns, output.toString())).allMatch(line -> !line.contains("\u001b"));
    }
  }
}
