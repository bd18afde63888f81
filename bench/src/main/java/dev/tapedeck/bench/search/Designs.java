package dev.tapedeck.bench.search;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;

/** Ways to index the same texts with FTS5, of which the catalog has the last. */
final class Designs {

  private static final int BYTES = 8_000_000;
  private static final double MILLI = 1e6;
  private static final int BATCH = 256;

  /** A screen, and several. */
  private static final int SCREEN_LINES = 24;

  private static final int PIECE_CHARS = 16 * 1024;

  private static final String WHERE_TOO = "content = '', ";
  private static final String WHETHER = "content = '', contentless_delete = 1, detail = none, ";

  private final Path home;
  private final PrintStream print;

  Designs(Path home, PrintStream print) {
    this.home = home;
    this.print = print;
  }

  void run() throws IOException, SQLException {
    print.printf(
        "%-52s %14s %18s%n",
        "of " + BYTES / MILLI + " MB of text", "size/text", "processor, ms/MB");
    for (Corpus corpus : List.of(Corpus.LOG, Corpus.CODE, Corpus.CHINESE)) {
      Random random = new Random(1);
      List<String> lines = new ArrayList<>();
      for (int bytes = 0; bytes < BYTES; ) {
        String line = corpus.line(random);
        lines.add(line);
        bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
      List<String> screens = texts(lines, SCREEN_LINES, Integer.MAX_VALUE);
      List<String> pieces = texts(lines, Integer.MAX_VALUE, PIECE_CHARS);
      print.println(corpus);
      deflate("text of a screen, deflated", screens);
      deflate("text of 16 Ki characters, deflated", pieces);
      index(
          "words, unicode61, of a screen (before)", screens, WHERE_TOO, "unicode61", text -> text);
      index("trigrams with places, of a screen", screens, WHERE_TOO, "trigram", text -> text);
      index("trigrams without places, 16 Ki", pieces, WHETHER, "trigram", text -> text);
      index("pieces of words, of a screen", screens, WHETHER, "ascii", Designs::pieces);
      index("pieces of words, 16 Ki", pieces, WHETHER, "ascii", Designs::pieces);
    }
  }

  private static List<String> texts(List<String> lines, int maxLines, int maxChars) {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int count = 0;
    for (String line : lines) {
      text.append(line).append('\n');
      if (++count == maxLines || text.length() >= maxChars) {
        texts.add(text.toString());
        text.setLength(0);
        count = 0;
      }
    }
    return texts;
  }

  private void deflate(String name, List<String> texts) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    byte[] out = new byte[1 << 20];
    long before = cpu();
    long size = 0;
    for (String text : texts) {
      deflater.reset();
      deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
      deflater.finish();
      size += deflater.deflate(out);
    }
    row(name, size, cpu() - before);
    deflater.end();
  }

  private void index(
      String name, List<String> texts, String options, String tokenizer, UnaryOperator<String> read)
      throws IOException, SQLException {
    Path file = Files.createTempFile(home, "designs", ".db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE VIRTUAL TABLE i USING fts5 (words, "
              + options
              + "tokenize = '"
              + tokenizer
              + "')");
      connection.setAutoCommit(false);
      long before = cpu();
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO i (rowid, words) VALUES (?, ?)")) {
        for (int i = 0; i < texts.size(); i++) {
          insert.setInt(1, i + 1);
          insert.setString(2, read.apply(texts.get(i)));
          insert.executeUpdate();
          if (i % BATCH == 0) {
            connection.commit();
          }
        }
      }
      connection.commit();
      long nanos = cpu() - before;
      try (ResultSet pages =
          statement.executeQuery(
              "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count,"
                  + " pragma_freelist_count, pragma_page_size")) {
        pages.next();
        row(name, pages.getLong(1), nanos);
      }
    }
  }

  private void row(String name, long size, long nanos) {
    print.printf(
        "  %-50s %14.2f %18.0f%n", name, (double) size / BYTES, nanos / MILLI / (BYTES / MILLI));
  }

  /** As the catalog does it, but simpler, and slower: each piece of a word once. */
  private static String pieces(String text) {
    int[] points = text.toLowerCase(Locale.ROOT).codePoints().toArray();
    Set<String> pieces = new LinkedHashSet<>();
    for (int i = 0; i < points.length; ) {
      int end = i;
      while (end < points.length
          && Character.isLetterOrDigit(points[end])
          && isIdeographic(points[end]) == isIdeographic(points[i])) {
        end++;
      }
      int size = end > i && isIdeographic(points[i]) ? 2 : 3;
      for (int j = i; j < end; j++) {
        pieces.add(new String(points, j, Math.min(size, end - j)));
      }
      i = Math.max(end, i + 1);
    }
    return String.join(" ", pieces);
  }

  private static boolean isIdeographic(int point) {
    return Character.isIdeographic(point);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
