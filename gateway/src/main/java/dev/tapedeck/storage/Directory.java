package dev.tapedeck.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** What lies in a folder. */
final class Directory {

  private Directory() {}

  /**
   * Every name in {@code folder}, sorted; none if there is no such folder.
   *
   * @throws IOException with path and reason
   */
  static List<String> in(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw StorageException.of("list", folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw StorageException.of("list", folder, e);
    }
    Collections.sort(names);
    return names;
  }
}
