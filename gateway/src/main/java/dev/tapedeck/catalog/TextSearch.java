package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds places. The index names texts that have all pieces of what is looked for, the newest first;
 * each is then read, for only the text says where the pieces stand.
 */
final class TextSearch {

  /** The best are chosen of the newest so many places, or of all where there are fewer. */
  private static final int MIN_COMPARED = 400;

  private static final int COMPARED_PER_HIT = 4;

  private final SearchQuery wanted;
  private final PackedText packed;
  private final List<Hit> hits = new ArrayList<>();

  private TextSearch(SearchQuery wanted, PackedText packed) {
    this.wanted = wanted;
    this.packed = packed;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(
      SessionId session,
      String track,
      long millis,
      String kind,
      @Nullable String role,
      @Nullable String name,
      @Nullable Long exchange,
      byte[] body) {

    static Row of(ResultSet row) throws SQLException {
      return new Row(
          SessionId.parse(row.getString("session_id")),
          row.getString("track"),
          row.getLong("time_ms"),
          row.getString("kind"),
          row.getString("role"),
          row.getString("name"),
          SessionRows.number(row, "exchange"),
          row.getBytes("body"));
    }
  }

  /** The best hits, best first; of equally good ones the newer. */
  static List<Hit> hits(Handle handle, SearchQuery wanted) {
    SessionId session = wanted.session();
    // The index goes first: which session a text is of is seen in its row only.
    Query query =
        handle
            .createQuery(
                """
                SELECT t.* FROM texts_index i CROSS JOIN texts t ON t.id = i.rowid
                  WHERE i.texts_index MATCH :grams <session> ORDER BY i.rowid DESC\
                """)
            .define("session", session == null ? "" : "AND t.session_id = :session")
            .bind("grams", wanted.expression());
    if (session != null) {
      query.bind("session", session.toString());
    }
    try (PackedText packed = new PackedText();
        ResultIterator<Row> rows = query.map((row, _) -> Row.of(row)).iterator()) {
      return new TextSearch(wanted, packed).best(rows);
    }
  }

  private List<Hit> best(ResultIterator<Row> rows) {
    int enough = Math.max(MIN_COMPARED, wanted.limit() * COMPARED_PER_HIT);
    while (rows.hasNext() && hits.size() < enough) {
      Row row = rows.next();
      String text = packed.unpack(row.body);
      if (row.kind.equals(Hit.TERMINAL)) {
        screens(row, ScreenLines.of(row.millis, text));
      } else {
        whole(row, text);
      }
    }
    hits.sort(Comparator.comparingDouble(Hit::score));
    return List.copyOf(hits.subList(0, Math.min(hits.size(), wanted.limit())));
  }

  private void whole(Row row, String text) {
    Folded folded = Folded.of(text);
    Context context = Context.find(wanted.terms(), text, folded, 0, folded.length());
    if (context != null) {
      boolean file = row.kind.equals(Hit.FILE);
      add(row, row.millis, file ? context.whole() : context.around(), context.score());
    }
  }

  /** The last first. */
  private void screens(Row row, ScreenLines lines) {
    Folded folded = Folded.of(lines.text());
    List<Integer> ends = lines.screenEnds();
    for (int i = ends.size() - 1; i >= 0; i--) {
      int from = i == 0 ? 0 : folded.at(ends.get(i - 1) + 1);
      int to = folded.at(ends.get(i));
      Context context = Context.find(wanted.terms(), lines.text(), folded, from, to);
      if (context != null) {
        add(row, lines.millisAt(context.offset()), context.around(), context.score());
      }
    }
  }

  private void add(Row row, long millis, String context, double score) {
    hits.add(
        new Hit(
            row.session,
            row.track,
            millis,
            row.kind,
            row.role,
            row.name,
            row.exchange,
            context,
            score));
  }
}
