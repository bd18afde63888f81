package dev.tapedeck.formats.coding;

import java.util.Optional;

/**
 * Brotli and zstd, which the JDK does not have, by libraries that this module does not need:
 * whoever has them provides this as a service (see {@link java.util.ServiceLoader}).
 */
public interface Codecs {

  /**
   * Why a coding cannot be done, as a sentence without its end; empty if it can. Always the same.
   *
   * @param coding brotli or zstd
   */
  Optional<String> missing(Coding coding);

  /**
   * A decoder for one body.
   *
   * @param coding one that is not {@link #missing}
   */
  Stage decoder(Coding coding, Output output);

  /** One zstd frame with a checksum; only if zstd is not {@link #missing}. */
  byte[] zstd(byte[] bytes);

  /** What is provided here. */
  static Codecs here() {
    return ProvidedCodecs.HERE;
  }
}
