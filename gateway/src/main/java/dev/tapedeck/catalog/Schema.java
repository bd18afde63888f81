package dev.tapedeck.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables' version, kept by Flyway. */
final class Schema {

  /** The newest {@code V<n>__*.sql} of the folder {@code schema}; a test holds them together. */
  static final int VERSION = 4;

  /** Several programs may make the tables of a new file at once: all but one try again. */
  private static final int ATTEMPTS = 5;

  private static final int NONE = 0;

  private Schema() {}

  /**
   * Brings the tables of {@code file} to {@link #VERSION}.
   *
   * @throws CatalogException if they are newer, somebody else's, or cannot be made
   */
  static void migrate(DataSource source, Path file) throws CatalogException {
    for (int attempt = 1; ; attempt++) {
      try {
        int found = version(source, file);
        if (found > VERSION) {
          throw new CatalogException(
              ("the catalog %s was made by a newer version of tapedeck (its tables are version %d,"
                      + " this program knows %d): use that version, or another --db")
                  .formatted(file, found, VERSION));
        }
        // Looking is cheap and Flyway is not: the commands start quickly where nothing is to do.
        if (found < VERSION) {
          flyway(source).migrate();
        }
        return;
      } catch (SQLException | FlywayException e) {
        if (attempt == ATTEMPTS) {
          throw CatalogException.of(file, e);
        }
      }
    }
  }

  private static Flyway flyway(DataSource source) {
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:dev/tapedeck/catalog/schema")
        .loggers("slf4j")
        .load();
  }

  private static int version(DataSource source, Path file) throws SQLException, CatalogException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      boolean empty = true;
      boolean ours = false;
      try (ResultSet tables =
          statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
        while (tables.next()) {
          empty = false;
          ours |= "flyway_schema_history".equals(tables.getString(1));
        }
      }
      if (empty) {
        return NONE;
      }
      if (!ours) {
        throw new CatalogException(
            "the catalog " + file + " is another program's database: name another file with --db");
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success")) {
        return row.next() ? row.getInt(1) : NONE;
      }
    }
  }
}
