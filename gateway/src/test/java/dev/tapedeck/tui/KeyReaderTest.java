package dev.tapedeck.tui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.NonBlocking;
import org.junit.jupiter.api.Test;

class KeyReaderTest {

  private static List<Key> keys(String sent) throws IOException {
    KeyReader reader = new KeyReader(NonBlocking.nonBlocking("keys", new StringReader(sent)));
    List<Key> keys = new ArrayList<>();
    try {
      while (true) {
        reader.next(1_000).ifPresent(keys::add);
      }
    } catch (KeyReader.Gone end) {
      return keys;
    }
  }

  private static Key typed(String character) {
    return new Key.Typed(character.codePointAt(0));
  }

  @Test
  void charactersAreThemselves() throws IOException {
    assertThat(keys("q/é你😀"))
        .containsExactly(typed("q"), typed("/"), typed("é"), typed("你"), typed("😀"));
  }

  @Test
  void cursorKeysComeInTwoModes() throws IOException {
    assertThat(keys("\033[A\033OB\033[5~\033[6~\033[H\033[Z"))
        .containsExactly(
            Key.Named.UP,
            Key.Named.DOWN,
            Key.Named.PAGE_UP,
            Key.Named.PAGE_DOWN,
            Key.Named.HOME,
            Key.Named.BACK_TAB);
  }

  @Test
  void escapeAndAnotherKeyInAHurryAreTwo() throws IOException {
    assertThat(keys("\033g")).containsExactly(Key.Named.ESCAPE, typed("g"));
  }

  @Test
  void whatIsUnknownMeansNothing() throws IOException {
    assertThat(keys("\033[1;5C\001\033[200~"))
        .containsExactly(Key.Named.NONE, Key.Named.NONE, Key.Named.NONE);
  }

  @Test
  void theEndIsToldApart() {
    assertThatThrownBy(
            () -> new KeyReader(NonBlocking.nonBlocking("keys", new StringReader(""))).next(1_000))
        .isInstanceOf(KeyReader.Gone.class);
  }
}
