package dev.tapedeck.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Tells what the text in front of the cursor asks for. It cannot know, but prompts for secrets say
 * so: in the words that Emacs looks for ({@code password-word-equivalents}) and in those of
 * programs that want keys, tokens and codes.
 */
public final class SecretPrompt {

  private static final String SECRETS =
      "(?iu)(pass ?(word|phrase|code)|\\bpin\\b|secret|token|api.?key|private.?key|access.?key"
          + "|(de|en)cryption.key|credential|one.?time|verification|\\botp\\b|\\b[2m]fa\\b"
          + "|authenticat(or|ion).code|security.code"
          + "|암호|パスワード|暗証番号|ପ୍ରବେଶ ସଙ୍କେତ|ពាក្យសម្ងាត់|adgangskode|contrase[ñn]a|contrasenya"
          + "|geslo|hasło|heslo|iphasiwedi|jelszó|lösenord|lozinka|mật khẩu|mot de passe|parol[aăe]"
          + "|pasahitza|passord|passwor?t|pasvorto|salasana|senha|slaptažodis|wachtwoord|kennwort"
          + "|κωδικός|كلمة (السر|المرور)|ססמה|סיסמה|лозинка|пароль|गुप्तशब्द|शब्दकूट|पासवर्ड|પાસવર્ડ"
          + "|సంకేతపదము|ਪਾਸਵਰਡ|ಗುಪ್ತಪದ|கடவுச்சொல்|അടയാളവാക്ക്|গুপ্তশব্দ|পাসওয়ার্ড|රහස්පදය"
          + "|รหัสผ่าน|密码|密碼|口令)";

  /** Stars may stand for what has been typed already. */
  private static final String STARS = "[\\s\\u00a0]*[*•●]*[\\s\\u00a0]*$";

  private static final Pattern ASKED = Pattern.compile(SECRETS + ".{0,80}[:：៖?]" + STARS);

  private static final Pattern PERHAPS_ASKED =
      Pattern.compile(SECRETS + ".{0,80}[:：៖?>\\])]" + STARS);

  /**
   * What Emacs's TRAMP has a shell say when it waits for a command: the one at first, the other, of
   * which no two are alike, from then on. Nothing else says these.
   */
  private static final Pattern TRAMP = Pattern.compile("^#\\$ $|///[0-9a-f]{32}#\\$\\s*$");

  private SecretPrompt() {}

  /** Whether the line asks for a secret. */
  public static boolean forSecret(String line) {
    return ASKED.matcher(line).find();
  }

  /** The same where the terminal cannot be asked, and less is enough for a suspicion. */
  public static boolean perhapsForSecret(String line) {
    return PERHAPS_ASKED.matcher(line).find();
  }

  /**
   * Whether the line is the prompt of a shell that TRAMP talks to. TRAMP switches the terminal's
   * echo off for good and is a program itself: what it sends there are commands.
   */
  public static boolean ofTramp(String line) {
    return TRAMP.matcher(line).find();
  }

  /** The text that bytes stand for, of which a character may have been cut at the beginning. */
  public static String text(byte[] line, int length) {
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }
}
