package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CatalogException;
import dev.tapedeck.catalog.Filter;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists sessions. */
@Command(
    name = "ls",
    sortOptions = false,
    description = {
      "Lists sessions, newest first; or, with --logins, every attempt to log in that the catalog",
      "knows."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck ls --limit 10",
      "  tapedeck ls --user alice --since 7d --status gap",
      "  tapedeck ls --json | jq -r .id",
      "  tapedeck ls --logins --since 1d"
    })
public final class Ls extends SessionCommand {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @Option(names = "--json", description = "One JSON object per line.")
  boolean json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many; 0, the default, for all.")
  int limit;

  @Option(names = "--user", paramLabel = "NAME", description = "Only this user's.")
  @Nullable String user;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only live, complete, gap, truncated or failed ones.")
  @Nullable String status;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "Only those that began in the last 12h, 7d, ..., or since a date (2026-11-21).")
  @Nullable String since;

  @Option(names = "--logins", description = "Attempts to log in, those that failed too.")
  boolean logins;

  public Ls(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    if (limit < 0) {
      throw new ConfigException("--limit: " + limit + " is not allowed; 0 or more is");
    }
    if (logins) {
      logins();
      return DONE;
    }
    Recordings recordings = recordings();
    List<SessionRecord> sessions = sessions(recordings, wanted(Instant.now()));
    if (json) {
      sessions.forEach(session -> console.line(SessionJson.row(session)));
    } else if (sessions.isEmpty()) {
      console.hint(
          "No sessions"
              + (user == null && status == null && since == null ? " yet." : " like that."));
    } else {
      table(sessions, recordings.shortLength(sessions.stream().map(SessionRecord::id).toList()));
    }
    return DONE;
  }

  /** From the catalog where there is one, since that is quick; else from the recordings. */
  private List<SessionRecord> sessions(Recordings recordings, Predicate<SessionRecord> wanted)
      throws ConfigException, IOException {
    Path file = config().catalogFile();
    if (file == null || !Files.exists(file)) {
      return recordings.list(wanted, limit);
    }
    boolean filtered = user != null || status != null || since != null;
    int most = limit == 0 || filtered ? Filter.MAX_LIMIT : Math.min(limit, Filter.MAX_LIMIT);
    try (Catalog catalog = Catalog.open(file)) {
      List<SessionRecord> known = catalog.sessions(Filter.newest(most));
      Stream<SessionRecord> all =
          withLacking(recordings, known, most).map(recordings::now).filter(wanted);
      return (limit > 0 ? all.limit(limit) : all).toList();
    } catch (CatalogException e) {
      console.error(Sentence.of(e) + "; this list is from the recordings");
      return recordings.list(wanted, limit);
    }
  }

  /** The catalog may be a little behind, or not have been there when sessions were recorded. */
  private static Stream<SessionRecord> withLacking(
      Recordings recordings, List<SessionRecord> known, int most) throws IOException {
    Set<SessionId> ids = known.stream().map(SessionRecord::id).collect(Collectors.toSet());
    SessionId oldest = known.size() < most ? null : known.getLast().id();
    return Stream.concat(known.stream(), recordings.lacking(ids, oldest).stream())
        .sorted(
            Comparator.comparing(SessionRecord::started)
                .thenComparing(SessionRecord::id)
                .reversed());
  }

  private void logins() throws ConfigException, CommandFailed, IOException {
    if (status != null) {
      throw new ConfigException(
          "--status: a login has none; --logins goes with --user and --since");
    }
    Instant now = Instant.now();
    Filter filter =
        new Filter(
            limit == 0 ? Filter.MAX_LIMIT : Math.min(limit, Filter.MAX_LIMIT),
            StoreOptions.option("--since", since, text -> since(text, now)),
            user,
            null);
    Path file = config().catalogFile();
    if (file == null || !Files.exists(file)) {
      throw new CommandFailed(
          file == null
              ? "logins are in the catalog alone, and that is switched off"
              : "there is no catalog " + file + " yet, and logins are nowhere else");
    }
    try (Catalog catalog = Catalog.open(file)) {
      LoginTable.print(catalog.logins(filter), json, console);
    }
  }

  private Predicate<SessionRecord> wanted(Instant now) throws ConfigException {
    SessionRecord.Status only = StoreOptions.option("--status", status, Ls::status);
    Instant from = StoreOptions.option("--since", since, text -> since(text, now));
    return session ->
        (user == null || session.user().equals(user))
            && (only == null || session.status() == only)
            && (from == null || !session.started().isBefore(from));
  }

  private static SessionRecord.Status status(String text) {
    return Arrays.stream(SessionRecord.Status.values())
        .filter(value -> written(value).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\""
                    + text
                    + "\" is not allowed; one of these is: "
                    + Arrays.stream(SessionRecord.Status.values())
                        .map(Ls::written)
                        .collect(Collectors.joining(", "))));
  }

  static String written(SessionRecord.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static Instant since(String text, Instant now) {
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException noDate) {
      try {
        return now.minus(Units.duration(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "\""
                + text
                + "\" is not allowed; a date (2026-11-21) or "
                + Units.DURATION_ALLOWED
                + " is",
            e);
      }
    }
  }

  private void table(List<SessionRecord> sessions, int idLength) {
    Table table =
        new Table(
            "SESSION",
            "KIND",
            "USER",
            "SOURCE",
            "STARTED",
            ">DURATION",
            "STATUS",
            ">TRACKS",
            ">SIZE");
    for (SessionRecord session : sessions) {
      table.row(
          session.id().toString().substring(0, idLength),
          session.kind(),
          session.user(),
          session.source(),
          local(session.started()),
          duration(session),
          written(session.status()),
          Integer.toString(session.tracks().size()),
          Units.show(session.bytes()));
    }
    table.print(console);
  }

  /** In this machine's time zone. */
  static String local(Instant time) {
    return TIME.format(time.atZone(ZoneId.systemDefault()));
  }

  static String duration(SessionRecord session) {
    Duration duration = session.duration();
    return duration == null ? "-" : Units.show(duration);
  }
}
