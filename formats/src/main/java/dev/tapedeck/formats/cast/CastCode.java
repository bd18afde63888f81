package dev.tapedeck.formats.cast;

/** What kind of thing an event is: the second element of its line. */
public sealed interface CastCode {

  /** As it stands in the line: {@code o}. */
  String text();

  /** The codes that asciicast defines. */
  enum Known implements CastCode {
    /** The program wrote to the terminal. */
    OUTPUT("o"),
    /** The person typed. */
    INPUT("i"),
    /** The terminal has a new size; the data is {@code COLSxROWS}. */
    RESIZE("r"),
    /** A place worth finding again; the data is its label, which may be empty. */
    MARKER("m"),
    /** The program ended; the data is its status in decimal. Defined by version 3 alone. */
    EXIT("x");

    private final String text;

    Known(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /**
   * A code that asciicast does not define. Readers keep such events and skip them in play.
   *
   * @param text not empty, and none of the known ones
   */
  record Unknown(String text) implements CastCode {
    public Unknown {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("a code is at least one character");
      }
    }
  }

  /**
   * The code that {@code text} stands for.
   *
   * @throws IllegalArgumentException if it is empty
   */
  static CastCode of(String text) {
    return switch (text) {
      case "o" -> Known.OUTPUT;
      case "i" -> Known.INPUT;
      case "r" -> Known.RESIZE;
      case "m" -> Known.MARKER;
      case "x" -> Known.EXIT;
      default -> new Unknown(text);
    };
  }
}
