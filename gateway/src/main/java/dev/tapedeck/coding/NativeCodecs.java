package dev.tapedeck.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.tapedeck.formats.coding.Codecs;
import dev.tapedeck.formats.coding.Coding;
import dev.tapedeck.formats.coding.Output;
import dev.tapedeck.formats.coding.Stage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brotli and zstd by native libraries. These are copied out of their jars into the folder for
 * temporary files when they are first needed; where that cannot be, bodies stay as they are.
 */
public final class NativeCodecs implements Codecs {

  private static final Logger LOG = LoggerFactory.getLogger(NativeCodecs.class);

  /** As small as zstd's own program makes it. */
  private static final int LEVEL = 3;

  private final Map<Coding, Optional<String>> missing = new EnumMap<>(Coding.class);

  @Override
  public synchronized Optional<String> missing(Coding coding) {
    return missing.computeIfAbsent(coding, NativeCodecs::load);
  }

  private static Optional<String> load(Coding coding) {
    try {
      switch (coding) {
        case BROTLI -> Brotli4jLoader.ensureAvailability();
        case ZSTD -> {
          long _ = Zstd.magicNumber();
        }
        case GZIP, DEFLATE -> throw new IllegalArgumentException(coding + " is the JDK's");
      }
      return Optional.empty();
    } catch (LinkageError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String reason =
          "the library for the content coding %s cannot be loaded from %s (%s)"
              .formatted(
                  coding.token(),
                  System.getProperty("java.io.tmpdir"),
                  String.valueOf(root.getMessage()).lines().findFirst().orElse(""));
      LOG.warn(
          "{}: bodies in it are not decoded; name a folder for temporary files that can be"
              + " written to and run from: JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER",
          reason);
      return Optional.of(reason);
    }
  }

  @Override
  public Stage decoder(Coding coding, Output output) {
    return switch (coding) {
      case BROTLI -> new BrotliStage(output);
      case ZSTD -> new ZstdStage(output);
      case GZIP, DEFLATE -> throw new IllegalArgumentException(coding + " is the JDK's");
    };
  }

  @Override
  public byte[] zstd(byte[] bytes) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      return context.setLevel(LEVEL).setChecksum(true).compress(bytes);
    }
  }
}
