package dev.tapedeck.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody else's transaction that writes to a database. */
final class WriteLock implements AutoCloseable {

  private final Connection connection;

  private WriteLock(Connection connection) {
    this.connection = connection;
  }

  /** Readers go on, other writers wait. */
  static WriteLock take(Path file) throws SQLException {
    return take(file, "BEGIN IMMEDIATE");
  }

  /** Nobody else gets in: the file is not in WAL mode. */
  static WriteLock takeAlone(Path file) throws SQLException {
    return take(file, "BEGIN EXCLUSIVE");
  }

  private static WriteLock take(Path file, String begin) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute(begin);
    }
    return new WriteLock(connection);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
