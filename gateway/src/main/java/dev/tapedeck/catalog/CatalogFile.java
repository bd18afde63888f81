package dev.tapedeck.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The file that a catalog lies in. */
final class CatalogFile {

  private CatalogFile() {}

  /** Makes it, and its folder, where they are missing. */
  static void make(Path file) throws CatalogException {
    Path folder = file.resolveSibling("");
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      // Before SQLite does it: its other files take over this one's mode. An existing file is not
      // opened here, for closing it again would take SQLite's locks away (POSIX locks do that).
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      if (Files.isRegularFile(file)) {
        return;
      }
      if (Files.exists(file)) {
        throw new CatalogException("the catalog " + file + " cannot be opened: not a file", e);
      }
      throw new CatalogException(
          "the catalog " + file + " cannot be created: the folder is missing or not writable", e);
    }
  }

  static SQLiteDataSource source(
      Path file, CatalogOptions options, SQLiteConfig.TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) options.busyTimeout().toMillis());
    config.enforceForeignKeys(true);
    // A power cut may cost the last changes and nothing else; the recordings still have them.
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTransactionMode(mode);
    if (mode == SQLiteConfig.TransactionMode.IMMEDIATE) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    }
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }
}
