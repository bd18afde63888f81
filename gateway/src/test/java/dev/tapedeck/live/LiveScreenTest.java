package dev.tapedeck.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import java.util.List;
import java.util.SplittableRandom;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class LiveScreenTest {

  private final LiveScreen screen = new LiveScreen(20, 4);

  private void take(CastCode code, String data) {
    screen.take(new CastEvent(0, code, data));
  }

  private List<String> text() {
    return screen.picture().lines().stream()
        .map(AttributedString::toString)
        .map(String::stripTrailing)
        .toList();
  }

  @Test
  void outputIsDrawnAsATerminalDrawsIt() {
    take(CastCode.Known.OUTPUT, "one\r\ntwo\033[1;1HO\033[2;6H\033[31mred\033[0m");

    assertThat(text()).containsExactly("One", "two  red", "", "");
    assertThat(screen.picture().cursorColumn()).isEqualTo(8);
    assertThat(screen.picture().cursorRow()).isEqualTo(1);
  }

  @Test
  void aSequenceMayComeInPieces() {
    for (String piece : "x\033[2;3Hy".split("", -1)) {
      take(CastCode.Known.OUTPUT, piece);
    }
    assertThat(text()).containsExactly("x", "  y", "", "");
  }

  @Test
  void wideCharactersTakeTwoCells() {
    take(CastCode.Known.OUTPUT, "你好a");

    assertThat(screen.picture().lines().getFirst().columnLength()).isEqualTo(20);
    assertThat(text().getFirst()).isEqualTo("你好a");
    assertThat(screen.picture().cursorColumn()).isEqualTo(5);
  }

  @Test
  void concealedTextStaysSo() {
    take(CastCode.Known.OUTPUT, "pin \033[8m1234\033[0m.");

    assertThat(text().getFirst()).isEqualTo("pin     .");
  }

  @Test
  void sizesFollowTheRecording() {
    take(CastCode.Known.RESIZE, "30x6");
    assertThat(screen.picture().columns()).isEqualTo(30);
    assertThat(screen.picture().lines()).hasSize(6);
    take(CastCode.Known.RESIZE, "65535x65535");
    assertThat(screen.picture().columns()).isEqualTo(LiveScreen.MAX_SIDE);
    take(CastCode.Known.RESIZE, "-1x0");
    assertThat(screen.picture().columns()).isEqualTo(80);
    take(CastCode.Known.RESIZE, "wide");
    assertThat(screen.picture().note()).isEqualTo("a size that is none: wide");
  }

  @Test
  void markersAndTheEndAreTold() {
    take(CastCode.Known.MARKER, "recording gap ends: 5 events");
    take(CastCode.Known.EXIT, "3");

    assertThat(screen.picture().note()).isEqualTo("recording gap ends: 5 events");
    assertThat(screen.picture().exit()).isEqualTo("3");
  }

  @Test
  void whatNobodyTypedIsNotDrawn() {
    take(CastCode.Known.INPUT, "secret");

    assertThat(text().getFirst()).isEmpty();
  }

  @Test
  void anyBytesMakeAPictureWithoutControlCharacters() {
    String[] pieces = {
      "\033[",
      "\033]",
      "\033",
      "?",
      ";",
      "1",
      "25",
      "999999999",
      "h",
      "l",
      "m",
      "H",
      "J",
      "K",
      "r",
      "L",
      "M",
      "P",
      "@",
      "A",
      "X",
      "b",
      "S",
      "T",
      "\n",
      "\r",
      "\t",
      "\b",
      "你",
      "😀",
      "text",
      "\033[?1049h",
      "\033[?1049l",
      "\u0007",
      "\u009b",
      "\u0084",
      "\033c",
      "\033P",
      "\033\\"
    };
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      take(CastCode.Known.OUTPUT, pieces[random.nextInt(pieces.length)]);
      if (i % 100 == 0) {
        take(CastCode.Known.RESIZE, random.nextInt(60) + "x" + random.nextInt(20));
        assertThat(String.join("", text()).codePoints()).noneMatch(Character::isISOControl);
      }
    }
  }
}
