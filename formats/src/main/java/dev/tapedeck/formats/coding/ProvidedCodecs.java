package dev.tapedeck.formats.coding;

import java.util.Optional;
import java.util.ServiceLoader;

/** The service, looked for once; where nobody provides it, one that lacks everything. */
final class ProvidedCodecs {

  static final Codecs HERE =
      ServiceLoader.load(Codecs.class, Codecs.class.getClassLoader())
          .findFirst()
          .orElseGet(None::new);

  private ProvidedCodecs() {}

  private static final class None implements Codecs {
    @Override
    public Optional<String> missing(Coding coding) {
      return Optional.of("no library for the content coding " + coding.token() + " is there");
    }

    @Override
    public Stage decoder(Coding coding, Output output) {
      throw new IllegalStateException("no library for " + coding);
    }

    @Override
    public byte[] zstd(byte[] bytes) {
      throw new IllegalStateException("no library for zstd");
    }
  }
}
