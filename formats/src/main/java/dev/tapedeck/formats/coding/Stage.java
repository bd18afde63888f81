package dev.tapedeck.formats.coding;

/**
 * One coding being undone: encoded bytes in, decoded bytes out at once.
 *
 * <p>{@link #feed} any number of times, then {@link #finish} unless it was stopped, then {@link
 * #close}. When a stage stops it has written all that it decoded.
 */
public interface Stage {

  void feed(byte[] bytes, int offset, int length) throws DecodeException;

  /**
   * No more bytes will come.
   *
   * @throws DecodeException if that is too early
   */
  void finish() throws DecodeException;

  /**
   * Whether bytes came that are decoded only when more come, and may hold a piece of the content
   * that is longer than one symbol of the coding.
   */
  default boolean holds() {
    return false;
  }

  /** Gives back what is not only memory. May be called twice. */
  default void close() {}
}
