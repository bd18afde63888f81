package dev.tapedeck.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Where tapes come from: the disk, or what a test or an archive puts in its place. */
@FunctionalInterface
public interface AppendFiles {

  /** New files on the disk, 0600; nothing is overwritten and no link followed. */
  AppendFiles DISK = DiskFile::create;

  /**
   * A new tape.
   *
   * @throws IOException with path and reason, also if there is something at {@code path} already
   */
  AppendFile create(Path path) throws IOException;
}
