package dev.tapedeck.catalog;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * What passed on a file transfer's track and was no part of the transfer, as it stands in the
 * track's {@code .jsonl}: what the program wrote to standard error, and what broke the protocol.
 */
public final class TransferBytes {

  private TransferBytes() {}

  /**
   * Some of it.
   *
   * @param seconds when it passed, after the session's start
   * @param input whether the client sent it
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Some(double seconds, boolean input, byte[] bytes) {}

  /** Takes them, in order. */
  @FunctionalInterface
  public interface Taker {
    void take(Some some) throws IOException;
  }

  /** Reads a track's file. Lines that are damaged are passed over. */
  public static void read(Path file, Taker taker) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<Some> some = of(line);
        if (some.isPresent()) {
          taker.take(some.get());
        }
      }
    }
  }

  private static Optional<Some> of(String line) {
    byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
    if (!(Json.tryParse(utf8, 0, utf8.length).orElse(null) instanceof Obj object)) {
      return Optional.empty();
    }
    String event = object.string("event");
    boolean input = "input".equals(event);
    if (!input && !"output".equals(event) && !"error_output".equals(event)) {
      return Optional.empty();
    }
    return bytes(object).map(bytes -> new Some(FileOperation.seconds(object), input, bytes));
  }

  private static Optional<byte[]> bytes(Obj object) {
    String base64 = object.string("base64");
    try {
      return base64 == null
          ? Optional.ofNullable(object.string("text"))
              .map(text -> text.getBytes(StandardCharsets.UTF_8))
          : Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
