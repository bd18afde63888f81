package dev.tapedeck.formats.coding;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The words that every brotli decoder knows (RFC 7932, section 8, appendices A and B). */
final class BrotliWords {

  private static final int MIN_LENGTH = 4;
  private static final int MAX_LENGTH = 24;
  private static final int DICTIONARY_BYTES = 122_784;

  /** For each length of words: of how many bits their number is. */
  private static final int[] INDEX_BITS = {
    0, 0, 0, 0, 10, 10, 11, 11, 10, 10, 10, 10, 10, 9, 9, 8, 7, 7, 8, 7, 7, 6, 6, 5, 5
  };

  private static final String RESOURCE = "brotli-dictionary.bin";

  private static final int[] OFFSETS = offsets();
  private static final byte[] DICTIONARY = dictionary();

  private BrotliWords() {}

  private static int[] offsets() {
    int[] offsets = new int[MAX_LENGTH + 2];
    for (int length = MIN_LENGTH; length <= MAX_LENGTH; length++) {
      offsets[length + 1] = offsets[length] + (length << INDEX_BITS[length]);
    }
    return offsets;
  }

  private static byte[] dictionary() {
    try (InputStream in = BrotliWords.class.getResourceAsStream(RESOURCE)) {
      byte[] read = in == null ? new byte[0] : in.readAllBytes();
      if (read.length != DICTIONARY_BYTES) {
        throw new IllegalStateException(
            RESOURCE + " has " + read.length + " bytes and not " + DICTIONARY_BYTES);
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  /**
   * The word of that length and number, transformed.
   *
   * @param number from 0: the word's index, and above it the transformation's
   */
  static byte[] word(int length, int number) throws Stopped {
    if (length < MIN_LENGTH || length > MAX_LENGTH) {
      throw Stopped.corrupt("refers to a brotli dictionary word of length " + length);
    }
    int index = number & ((1 << INDEX_BITS[length]) - 1);
    int transformation = number >>> INDEX_BITS[length];
    if (transformation >= BrotliTransformation.ALL.size()) {
      throw Stopped.corrupt("refers further back than there is, or to an unknown word");
    }
    return BrotliTransformation.ALL
        .get(transformation)
        .of(DICTIONARY, OFFSETS[length] + index * length, length);
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
