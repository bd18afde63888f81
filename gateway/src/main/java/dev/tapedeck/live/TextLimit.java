package dev.tapedeck.live;

import dev.tapedeck.formats.llm.Part;
import java.util.List;

/** How much of a text is held for a screen. */
final class TextLimit {

  /** Of a longer part only so many characters are held; what is cut off is counted. */
  static final int MAX_PART_CHARS = 256 * 1024;

  private TextLimit() {}

  static List<Part> bounded(List<Part> parts) {
    return parts.stream().map(TextLimit::bounded).toList();
  }

  private static Part bounded(Part part) {
    String text = part.text();
    if (text.length() <= MAX_PART_CHARS) {
      return part;
    }
    int end =
        Character.isHighSurrogate(text.charAt(MAX_PART_CHARS - 1))
            ? MAX_PART_CHARS - 1
            : MAX_PART_CHARS;
    String cut =
        text.substring(0, end) + "\n... " + (text.length() - end) + " more characters not shown";
    return new Part(part.role(), part.kind(), cut, part.name(), part.id());
  }
}
