package dev.tapedeck.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;

/** The folder of recordings, catalog and keys. */
final class DataFolder {

  private DataFolder() {}

  private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
      PosixFilePermissions.fromString("----w--w-");

  /** Has this process's user for its owner. */
  private static final Path SELF = Path.of("/proc/self");

  private static final int ROOT = 0;

  /**
   * Makes it, for its owner alone, where there is none.
   *
   * @throws CommandFailed if it cannot be made, or if somebody else could change what is in it
   */
  static void make(Path data) throws CommandFailed, IOException {
    if (Files.isDirectory(data)) {
      check(data);
      return;
    }
    try {
      Files.createDirectories(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new CommandFailed("cannot make the data folder " + data + ": " + Sentence.of(e), e);
    }
  }

  private static void check(Path data) throws CommandFailed, IOException {
    String instead =
        "; name another, such as " + data.resolve("tapedeck") + ", which will be created";
    int owner = (Integer) Files.getAttribute(data, "unix:uid");
    if (owner != ROOT && owner != (Integer) Files.getAttribute(SELF, "unix:uid")) {
      throw new CommandFailed(
          "the data folder " + data + " belongs to " + Files.getOwner(data) + instead);
    }
    if (!Collections.disjoint(Files.getPosixFilePermissions(data), WRITE_OF_OTHERS)) {
      throw new CommandFailed(
          "other users may write in the data folder " + data + ": chmod go-w it" + instead);
    }
  }
}
