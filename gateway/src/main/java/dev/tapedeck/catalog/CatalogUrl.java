package dev.tapedeck.catalog;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which database: {@code sqlite:PATH}, or just a path. */
final class CatalogUrl {

  private static final String ALLOWED = "use sqlite:PATH, or a path";

  /** RFC 3986, section 3.1; one letter alone is not taken for a scheme. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)");

  private CatalogUrl() {}

  /**
   * The file that {@code text} names.
   *
   * @throws CatalogException naming what is allowed; never repeating the text behind the scheme,
   *     where a password may be
   */
  static Path parse(String text) throws CatalogException {
    Matcher matcher = SCHEME.matcher(text);
    if (!matcher.matches()) {
      return path(text);
    }
    return switch (matcher.group(1)) {
      case "sqlite" -> path(matcher.group(2));
      case "postgresql", "postgres" ->
          throw new CatalogException(
              "a catalog in PostgreSQL (postgresql://...) is not in this version yet: " + ALLOWED);
      default ->
          throw new CatalogException(
              "not a catalog's address: '" + matcher.group(1) + ":...': " + ALLOWED);
    };
  }

  private static Path path(String text) throws CatalogException {
    // SQLite's driver takes options from behind a question mark, and :memory: keeps nothing.
    if (text.isBlank() || text.contains("?") || text.startsWith(":")) {
      throw new CatalogException("not a catalog's path: '" + text + "': " + ALLOWED);
    }
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new CatalogException("not a catalog's path: " + e.getReason() + ": " + ALLOWED, e);
    }
  }
}
