package dev.tapedeck.catalog;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The catalog cannot do what was asked. The message is one sentence for the person at the shell.
 */
public final class CatalogException extends IOException {

  private static final long serialVersionUID = 1;

  private static final String ANEW = ": move it away and run 'tapedeck reindex'";

  CatalogException(String message) {
    super(message);
  }

  CatalogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What {@code cause} means for who uses the database file. */
  static CatalogException of(Path file, Throwable cause) {
    if (cause instanceof CatalogException ready) {
      return ready;
    }
    return new CatalogException("the catalog " + file + " " + predicate(cause), cause);
  }

  /** Whether somebody else holds the database's lock: it may be free later. */
  static boolean isBusy(Throwable cause) {
    SQLiteException sqlite = sqlite(cause);
    return sqlite != null && primary(sqlite) == SQLiteErrorCode.SQLITE_BUSY;
  }

  private static String predicate(Throwable cause) {
    SQLiteException sqlite = sqlite(cause);
    if (sqlite == null) {
      return "cannot be used: " + cause.getMessage();
    }
    // SQLite has a hundred codes; the few that a person can do something about have their own
    // words.
    return switch (primary(sqlite)) {
      case SQLITE_NOTADB -> "is not an SQLite database" + ANEW;
      case SQLITE_CORRUPT -> "is damaged" + ANEW;
      case SQLITE_BUSY, SQLITE_LOCKED -> "is locked by another program";
      case SQLITE_READONLY, SQLITE_PERM -> "cannot be written: it or its folder is read-only";
      case SQLITE_CANTOPEN -> "cannot be opened: permission denied, or not a file";
      case SQLITE_FULL -> "cannot be written: the disk is full";
      case SQLITE_IOERR -> "cannot be used: the disk fails (" + sqlite.getResultCode() + ")";
      default -> "cannot be used: " + sqlite.getMessage();
    };
  }

  /** The code without what SQLite's extended codes add to it. */
  private static SQLiteErrorCode primary(SQLiteException e) {
    return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
  }

  private static @Nullable SQLiteException sqlite(Throwable cause) {
    for (Throwable next = cause; next != null; next = next.getCause()) {
      if (next instanceof SQLiteException sqlite) {
        return sqlite;
      }
    }
    return null;
  }
}
