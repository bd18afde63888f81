package dev.tapedeck.formats.cast;

import java.util.Arrays;

/**
 * How many cells of a terminal a character takes.
 *
 * <p>Coarse on purpose: the blocks that are wide throughout (Unicode Standard Annex 11), which is
 * enough to edit lines of text by column.
 */
final class CharacterWidth {

  /** First and last character of each wide range, in order. */
  private static final int[] WIDE = {
    0x1100, 0x115F, // Hangul Jamo
    0x231A, 0x231B, // watch, hourglass
    0x23E9, 0x23EC, // buttons of a player
    0x2614, 0x2615, // umbrella, hot beverage
    0x26A1, 0x26A1, // high voltage
    0x2705, 0x2705, // check mark
    0x270A, 0x270B, // hands
    0x2728, 0x2728, // sparkles
    0x274C, 0x274C, // cross mark
    0x2753, 0x2755, // question and exclamation marks
    0x2E80, 0x303E, // CJK radicals and punctuation
    0x3041, 0x33FF, // kana, Bopomofo, CJK compatibility
    0x3400, 0x4DBF, // CJK extension A
    0x4E00, 0x9FFF, // CJK unified ideographs
    0xA000, 0xA4CF, // Yi
    0xA960, 0xA97F, // Hangul Jamo extended A
    0xAC00, 0xD7A3, // Hangul syllables
    0xF900, 0xFAFF, // CJK compatibility ideographs
    0xFE30, 0xFE6F, // CJK compatibility forms
    0xFF00, 0xFF60, // full-width forms
    0xFFE0, 0xFFE6, // full-width signs
    0x1F300, 0x1F64F, // pictographs, emoticons
    0x1F680, 0x1F6FF, // transport
    0x1F900, 0x1F9FF, // supplemental pictographs
    0x1FA70, 0x1FAFF, // more of them
    0x20000, 0x3FFFD, // CJK extensions B and on
  };

  private static final int FIRST_MARK = 0x300;

  private CharacterWidth() {}

  /** 0 for marks that go onto the character before them, else 1 or 2. */
  static int of(int character) {
    if (character < FIRST_MARK) {
      return 1;
    }
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(character) ? 2 : 1;
    };
  }

  private static boolean isWide(int character) {
    int at = Arrays.binarySearch(WIDE, character);
    // Not found, -at - 1 bounds lie below: an odd number of them means inside of a range.
    return at >= 0 || (-at - 1) % 2 == 1;
  }
}
