package dev.tapedeck.tui;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class CellsTest {

  @Test
  void controlCharactersAreSigns() {
    assertThat(Cells.line("a\033[2Jb\u0007\u007f\u009b31mc\r\n")).isEqualTo("a␛[2Jb␇␡\uFFFD31mc␍␊");
  }

  @Test
  void directionMarksAndJoinersAreLeftOut() {
    assertThat(Cells.line("safe\u202Etxt.exe\u200B\u200D\uFE0F!")).isEqualTo("safetxt.exe!");
  }

  @Test
  void loneSurrogatesAreReplaced() {
    assertThat(Cells.line("a\uD83Db")).isEqualTo("a\uFFFDb");
  }

  @Test
  void widthsAreThoseOfTheCells() {
    assertThat(Cells.width("abc")).isEqualTo(3);
    assertThat(Cells.width("你好")).isEqualTo(4);
    assertThat(Cells.width("e\u0301")).isEqualTo(1);
    assertThat(Cells.width("😀")).isEqualTo(2);
  }

  @Test
  void wideCharactersAreNotCutInHalves() {
    assertThat(Cells.cut("你好", 3)).isEqualTo("你");
    assertThat(Cells.shortened("你好吗", 4)).isEqualTo("你…");
    AttributedString line = Cells.fit(new AttributedString("你好"), 3, Look.PLAIN);
    assertThat(line.columnLength()).isEqualTo(3);
  }

  @Test
  void linesAreBrokenBetweenWords() {
    assertThat(Cells.wrapped("one two three", 8)).containsExactly("one two", "three");
    assertThat(Cells.wrapped("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
    assertThat(Cells.wrapped("    indented", 8)).containsExactly("    inde", "nted");
    assertThat(Cells.wrapped("你好吗", 5)).containsExactly("你好", "吗");
    assertThat(Cells.wrapped("a\r\nb\n\nc", 8)).containsExactly("a", "b", "", "c");
  }

  @Test
  void tabsAreBlanks() {
    assertThat(Cells.wrapped("a\tb\n\tc", 20)).containsExactly("a   b", "    c");
  }
}
