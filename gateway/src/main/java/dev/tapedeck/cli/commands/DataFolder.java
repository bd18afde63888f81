package dev.tapedeck.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder of recordings, catalog and keys. */
final class DataFolder {

  private DataFolder() {}

  /** Makes it, for its owner alone, where there is none. */
  static void make(Path data) throws CommandFailed, IOException {
    if (Files.isDirectory(data)) {
      return;
    }
    try {
      Files.createDirectories(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new CommandFailed("cannot make the data folder " + data + ": " + Sentence.of(e), e);
    }
  }
}
