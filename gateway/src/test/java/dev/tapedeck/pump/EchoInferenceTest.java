package dev.tapedeck.pump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.pump.EchoInference.Verdict;
import dev.tapedeck.pump.EchoInference.Verdict.Hidden;
import dev.tapedeck.pump.EchoInference.Verdict.Shown;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoInferenceTest {

  private final EchoInference terminal = new EchoInference();

  @Test
  void keysThatComeBackAreShown() {
    printed("$ ").isEmpty();
    typed("l").isEmpty();
    printed("l").containsExactly(shown("l"));
    typed("s").isEmpty();
    printed("s").containsExactly(shown("s"));
    typed("\r").containsExactly(shown("\r"));
    printed("\r\nREADME\r\n$ ").isEmpty();
  }

  @Test
  void wholeLineAtOnce() {
    typed("ls -l\r").isEmpty();
    printed("ls -l\r\ntotal 0\r\n").containsExactly(shown("ls -l\r"));
  }

  @Test
  void echoInPieces() {
    typed("make").isEmpty();
    printed("ma").isEmpty();
    printed("ke").containsExactly(shown("make"));
  }

  @Test
  void keysOfANamedQuestionAreHiddenAtOnce() {
    printed("[sudo] password for alice: ").isEmpty();
    typed("s").containsExactly(new Hidden(1));
    typed("ecret\r").containsExactly(new Hidden(6));
    printed("\r\n").isEmpty();
    typed("l").isEmpty();
    printed("l").containsExactly(shown("l"));
  }

  @Test
  void keysThatDoNotComeBackAreHiddenAtTheLinesEnd() {
    printed("Losung: ").isEmpty();
    typed("geh").isEmpty();
    typed("eim\r").isEmpty();
    printed("\r\nWillkommen\r\n").containsExactly(new Hidden(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Password: ",
        "Kennwort: ",
        "Contraseña? ",
        "Mot de passe\u00a0: ",
        "密码：",
        "пароль:"
      })
  void aQuestionInAnyLanguageHidesAtOnce(String question) {
    printed(question).isEmpty();
    typed("s").containsExactly(new Hidden(1));
  }

  @Test
  void aPromptOfTrampShowsWhatDoesNotComeBack() {
    printed("///c754c4a938ac99334fbfc7e6afffd535#$").isEmpty();
    typed("cd /tmp\n").containsExactly(new Shown(Bytes.of("cd /tmp\n")));
  }

  @Test
  void starsHide() {
    printed("Santo y seña? ").isEmpty();
    typed("s").isEmpty();
    printed("*").containsExactly(new Hidden(1));
    typed("e").isEmpty();
    printed("*").containsExactly(new Hidden(1));
  }

  @Test
  void answerThatRepeatsTheSecretLaterDoesNotShowIt() {
    typed("abc\r").isEmpty();
    printed("\r\nabc is wrong\r\n").containsExactly(new Hidden(4));
  }

  @Test
  void partOfAnEchoShowsNothing() {
    typed("secret\r").isEmpty();
    printed("s").isEmpty();
    printed("\r\n").containsExactly(new Hidden(7));
  }

  @Test
  void outputByItselfHides() {
    typed("secret").isEmpty();
    printed("Downloading 10%").containsExactly(new Hidden(6));
  }

  @Test
  void coloursAroundAnEchoDoNotHide() {
    typed("l").isEmpty();
    printed("\u001b[1;31ml\u001b[0m").containsExactly(shown("l"));
    typed("s").isEmpty();
    printed("\u001b]0;ti").isEmpty();
    printed("tle\u0007s").containsExactly(shown("s"));
  }

  @Test
  void cursorAndControlKeysHaveNothingToHide() {
    typed("\u001b[A").containsExactly(shown("\u001b[A"));
    typed("\u001bOP").containsExactly(shown("\u001bOP"));
    typed("\u0003").containsExactly(shown("\u0003"));
    typed("\u007f").containsExactly(shown("\u007f"));
  }

  @Test
  void commandAboutPasswordsIsNoQuestion() {
    typed("man passwd").isEmpty();
    printed("man passwd").containsExactly(shown("man passwd"));
    typed(" ").isEmpty();
    printed(" ").containsExactly(shown(" "));
  }

  @Test
  void silenceHides() {
    typed("secret").isEmpty();
    assertThat(terminal.silence()).containsExactly(new Hidden(6));
    assertThat(terminal.silence()).isEmpty();
  }

  @Test
  void moreThanIsHeldIsHidden() {
    String paste = "x".repeat(EchoInference.MAX_HELD_BYTES);
    typed(paste).isEmpty();
    typed("y").containsExactly(new Hidden(paste.length() + 1));
  }

  @Test
  void otherAlphabetsComeBackAsBytes() {
    typed("日本").isEmpty();
    printed("日本").containsExactly(shown("日本"));
  }

  private static Verdict shown(String keys) {
    return new Shown(Bytes.of(keys));
  }

  private ListAssert<Verdict> typed(String keys) {
    return assertThat(terminal.typed(Bytes.of(keys)));
  }

  private ListAssert<Verdict> printed(String output) {
    return assertThat(terminal.printed(Bytes.of(output)));
  }
}
