package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CutTrack;
import dev.tapedeck.catalog.Hit;
import dev.tapedeck.catalog.SearchQuery;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Finds words in what terminals showed, in what was said to models and in files' paths. */
@Command(
    name = "search",
    sortOptions = false,
    description = {
      "Finds words in what terminals showed, in prompts, answers, thinking, tool calls and results,",
      "and in the paths and SHA-256 of files that SFTP or SCP moved or changed. All words must stand",
      "in one place, such as a terminal's screen; \"several words\" in quotes, one behind the other;",
      "begin* finds every word that begins so. Three letters or more, and any character of Chinese,",
      "Japanese or Korean, are found inside words, too; one or two letters are a word, or a part of a",
      "name like userId. Upper and lower case are the same. The best hits come first, whole words",
      "before parts, each with session, track and second. What a live session's terminal shows and",
      "what its clients moved is found when the program or the transfer has ended."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck search permission denied",
      "  tapedeck search '\"no space left\" postgres*' --limit 5",
      "  tapedeck search walrus --json | jq -r .session"
    })
public final class Search extends SessionCommand {

  private static final int DEFAULT_LIMIT = 20;
  private static final int SECOND_DIGITS = 3;

  /** One more than are named. */
  private static final int MAX_CUT = 4;

  private static final String BRIGHT = "\033[1;33m";
  private static final String PLAIN = "\033[0m";

  @Parameters(paramLabel = "QUERY", arity = "1..*", description = "What to look for.")
  List<String> words = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many hits; by default " + DEFAULT_LIMIT + ".")
  int limit = DEFAULT_LIMIT;

  @Option(
      names = "--session",
      paramLabel = "SESSION",
      description = "Only there: an id, the unique beginning of one, or latest.")
  @Nullable String session;

  @Option(names = "--json", description = "One JSON object per hit.")
  boolean json;

  public Search(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Path file = catalogFile();
    SessionId only = session == null ? null : recordings().folder(session).id();
    SearchQuery query = query(only);
    List<Hit> hits;
    List<CutTrack> cut;
    boolean due;
    try (Catalog catalog = Catalog.open(file)) {
      hits = catalog.search(query);
      cut = catalog.cutTracks(only, MAX_CUT);
      due = catalog.isReindexDue();
    }
    if (json) {
      hits.forEach(this::row);
    } else if (hits.isEmpty()) {
      console.hint("Nothing found. Recordings that the catalog lacks are found after 'reindex'.");
    } else {
      int length = recordings().shortLength(hits.stream().map(Hit::session).distinct().toList());
      hits.forEach(hit -> print(hit, length));
    }
    if (due) {
      console.hint(
          "An older version indexed what was recorded before: 'tapedeck reindex' finds it again.");
    }
    if (!cut.isEmpty()) {
      console.hint(notFound(cut));
    }
    return DONE;
  }

  /** Whoever finds nothing must know where nothing was looked for. */
  private static String notFound(List<CutTrack> cut) {
    return cut.stream()
        .limit(MAX_CUT - 1)
        .map(each ->
            "only the first %s of %s/%s"
                .formatted(Units.show(each.bytes()), each.session(), each.track()))
        .collect(
            Collectors.joining(
                ", ",
                "Searched of long output: ",
                (cut.size() < MAX_CUT ? "" : " and of others") + " (index.output_limit)."));
  }

  private Path catalogFile() throws ConfigException, CommandFailed {
    Path file = config().catalogFile();
    if (file == null) {
      throw new CommandFailed(
          "there is no catalog to search: it is switched off; 'tapedeck reindex --db sqlite:PATH'"
              + " makes one from the recordings, and 'search --db sqlite:PATH' searches it");
    }
    if (!Files.exists(file)) {
      throw new CommandFailed(
          "there is no catalog " + file + " yet; 'tapedeck reindex' makes it from the recordings");
    }
    return file;
  }

  private SearchQuery query(@Nullable SessionId only) throws ConfigException {
    try {
      return SearchQuery.of(String.join(" ", words), only, limit);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("search: " + e.getMessage());
    }
  }

  private void row(Hit hit) {
    JsonMapper mapper = JsonMapper.shared();
    console.line(
        mapper.writeValueAsString(
            mapper
                .createObjectNode()
                .put("session", hit.session().toString())
                .put("track", hit.track())
                .put("second", BigDecimal.valueOf(hit.millis(), SECOND_DIGITS))
                .put("kind", hit.kind())
                .put("role", hit.role())
                .put("name", hit.name())
                .put("exchange", hit.exchange())
                .put("text", plain(hit.context()))
                .put("score", hit.score())));
  }

  private void print(Hit hit, int idLength) {
    String where = hit.session().toString().substring(0, idLength) + "/" + hit.track();
    // Rounded up: played from there, it is on the screen.
    double second = Math.ceil(hit.millis() / 1e2) / 10;
    console.line(
        Table.printable(String.format(Locale.ROOT, "%s  %.1fs  %s", where, second, what(hit))));
    console.line("    " + shown(hit.context().replaceAll("\\s+", " ").strip()));
  }

  /** What was recorded must not steer this terminal; only the marks may. */
  private String shown(String context) {
    StringBuilder out = new StringBuilder();
    boolean terminal = console.outIsTerminal();
    int from = 0;
    for (int i = 0; i <= context.length(); i++) {
      char c = i == context.length() ? Hit.END : context.charAt(i);
      if (c == Hit.BEGIN || c == Hit.END) {
        out.append(Table.printable(context.substring(from, i)));
        out.append(!terminal ? "" : c == Hit.BEGIN ? BRIGHT : PLAIN);
        from = i + 1;
      }
    }
    return out.toString();
  }

  private static String what(Hit hit) {
    String role = Objects.requireNonNullElse(hit.role(), "");
    return switch (hit.kind()) {
      case Hit.TERMINAL -> "terminal";
      case Hit.FILE -> Objects.requireNonNullElse(hit.name(), hit.kind());
      case "text" -> role;
      case "tool_call" -> "call of " + Objects.requireNonNullElse(hit.name(), "a tool");
      case "system", "tool_result", "tool_error" -> hit.kind().replace('_', ' ');
      default -> (role + " " + hit.kind().replace('_', ' ')).strip();
    };
  }

  private static String plain(String context) {
    return context.replace(String.valueOf(Hit.BEGIN), "").replace(String.valueOf(Hit.END), "");
  }
}
