package dev.tapedeck.catalog;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client did to one file, by SFTP or SCP, as it stands in a track's {@code .jsonl}.
 *
 * @param millis when it was done, after the session's start
 * @param operation {@code read}, {@code write}, {@code remove}, {@code rename}, ...
 * @param path as the client named it; with SCP below {@code target}
 * @param target the second path of a rename, link or copy; with SCP the one on the command line
 * @param bytes how many were moved
 * @param sha256 of those, where they were moved in order
 * @param error why it failed
 */
public record FileOperation(
    String track,
    long millis,
    String operation,
    String path,
    @Nullable String target,
    long bytes,
    @Nullable String sha256,
    @Nullable String error) {

  /** Nobody looks for a file by these: a client that shows a folder asks for each that is in it. */
  private static final Set<String> NOT_FOUND = Set.of("list", "setstat", "unreadable");

  private static final double MILLIS = 1e3;

  /**
   * Reads a track's operations. Lines that are damaged are passed over, and so is a last one that
   * is not whole.
   */
  public static void read(Path file, String track, Consumer<FileOperation> operations)
      throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        of(line, track).ifPresent(operations);
      }
    }
  }

  private static Optional<FileOperation> of(String line, String track) {
    byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
    if (!(Json.tryParse(utf8, 0, utf8.length).orElse(null) instanceof Obj object)
        || !"operation".equals(object.string("event"))) {
      return Optional.empty();
    }
    String operation = object.string("operation");
    String path = object.string("path");
    return operation == null || path == null
        ? Optional.empty()
        : Optional.of(
            new FileOperation(
                track,
                millis(object),
                operation,
                path,
                object.string("target"),
                object.integer("bytes").orElse(0),
                object.string("sha256"),
                object.string("error")));
  }

  private static long millis(Obj object) {
    return (long) (seconds(object) * MILLIS);
  }

  /** When a line's event was, after the session's start. */
  static double seconds(Obj object) {
    try {
      return object.get("time") instanceof Num time ? Double.parseDouble(time.text()) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether a file's content was moved, or was to be. */
  public boolean isTransfer() {
    return operation.equals("read") || operation.equals("write");
  }

  /** As people call it: {@code upload} and {@code download} for what moves content. */
  public String direction() {
    return switch (operation) {
      case "write" -> "upload";
      case "read" -> "download";
      default -> operation;
    };
  }

  /** The path, and the other one where there is one. */
  public String paths() {
    if (target == null) {
      return path;
    }
    return isTransfer() ? (path + " (scp " + target + ")").strip() : path + " -> " + target;
  }

  boolean isSearchable() {
    return !NOT_FOUND.contains(operation);
  }

  /** What is found by any part of it. */
  String searchable() {
    return paths()
        + (isTransfer() ? ", " + bytes + " bytes" : "")
        + (sha256 == null ? "" : ", sha256 " + sha256)
        + (error == null ? "" : ": " + error);
  }
}
