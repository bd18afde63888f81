package dev.tapedeck.formats.coding;

/** How the decoding of a body ended. Whatever it was, all that came out before it is good. */
public sealed interface DecodedEnd {

  /** The body is whole. */
  record Complete() implements DecodedEnd {}

  /**
   * The body ended too early.
   *
   * @param reason in which part of the format, in words
   */
  record Truncated(String reason) implements DecodedEnd {}

  /**
   * The body is not what its coding says, or has bytes after its end.
   *
   * @param reason what is wrong, in words
   */
  record Corrupt(String reason) implements DecodedEnd {}

  /**
   * More came out than is allowed; that much was handed on.
   *
   * @param limitBytes how much is allowed
   */
  record TooLarge(long limitBytes) implements DecodedEnd {}

  /** The coding cannot be decoded: nothing was handed on. */
  record Unknown(String reason) implements DecodedEnd {}

  /** Whether the body is whole. */
  default boolean isComplete() {
    return this instanceof Complete;
  }

  /** What is wrong, in words; empty if nothing is. */
  default String reason() {
    return switch (this) {
      case Complete() -> "";
      case Truncated(String reason) -> reason;
      case Corrupt(String reason) -> reason;
      case TooLarge(long limit) -> "decodes to more than " + limit + " bytes";
      case Unknown(String reason) -> reason;
    };
  }
}
