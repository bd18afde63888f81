package dev.tapedeck.tui;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class DisplayTextTest {

  @Test
  void controlCharactersAreSigns() {
    assertThat(DisplayText.line("a\033[2Jb\u0007\u007f\u009b31mc\r\n"))
        .isEqualTo("a␛[2Jb␇␡\uFFFD31mc␍␊");
  }

  @Test
  void directionMarksAndJoinersAreLeftOut() {
    assertThat(DisplayText.line("safe\u202Etxt.exe\u200B\u200D\uFE0F!")).isEqualTo("safetxt.exe!");
  }

  @Test
  void loneSurrogatesAreReplaced() {
    assertThat(DisplayText.line("a\uD83Db")).isEqualTo("a\uFFFDb");
  }

  @Test
  void widthsAreThoseOfTheCells() {
    assertThat(DisplayText.width("abc")).isEqualTo(3);
    assertThat(DisplayText.width("你好")).isEqualTo(4);
    assertThat(DisplayText.width("e\u0301")).isEqualTo(1);
    assertThat(DisplayText.width("😀")).isEqualTo(2);
  }

  @Test
  void wideCharactersAreNotCutInHalves() {
    assertThat(DisplayText.cut("你好", 3)).isEqualTo("你");
    assertThat(DisplayText.shortened("你好吗", 4)).isEqualTo("你…");
    AttributedString line = DisplayText.fit(new AttributedString("你好"), 3, Theme.PLAIN);
    assertThat(line.columnLength()).isEqualTo(3);
  }

  @Test
  void linesAreBrokenBetweenWords() {
    assertThat(DisplayText.wrapped("one two three", 8)).containsExactly("one two", "three");
    assertThat(DisplayText.wrapped("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
    assertThat(DisplayText.wrapped("    indented", 8)).containsExactly("    inde", "nted");
    assertThat(DisplayText.wrapped("你好吗", 5)).containsExactly("你好", "吗");
    assertThat(DisplayText.wrapped("a\r\nb\n\nc", 8)).containsExactly("a", "b", "", "c");
  }

  @Test
  void tabsAreBlanks() {
    assertThat(DisplayText.wrapped("a\tb\n\tc", 20)).containsExactly("a   b", "    c");
  }
}
