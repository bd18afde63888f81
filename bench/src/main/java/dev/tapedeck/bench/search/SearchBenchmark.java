package dev.tapedeck.bench.search;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.SearchQuery;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.cast.CastEncoder;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.formats.cast.CastLine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the index of words takes: its size beside the recordings', the processor time that makes it,
 * and how long a search takes.
 *
 * <p>Arguments: how many MB of text (default 200), or {@code designs}.
 */
public final class SearchBenchmark {

  private static final int MEGABYTE = 1_000_000;
  private static final int SESSION_MEGABYTES = 4;

  /** Below the limit of what is indexed of one track, but for the bulk. */
  private static final int BULK_MEGABYTES = 500;

  private static final int ROUNDS = 9;
  private static final int WARM_UP = 2;
  private static final double MILLI = 1e6;

  /** Common and rare words, parts of words, phrases, nothing. */
  private static final List<String> QUERIES =
      List.of(
          "timeout",
          "refused connection",
          "\"session timeout\"",
          "Pool",
          "usr/local",
          "onnectionpoo",
          "id",
          "getZafa",
          "needle7",
          "eedle",
          "nosuchword",
          "数据库",
          "池",
          "数据库连接池",
          "检查 配置",
          "囧囧");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Path home;
  private final PrintStream print;

  private SearchBenchmark(Path home, PrintStream print) {
    this.home = home;
    this.print = print;
  }

  public static void main(String[] arguments) throws Exception {
    boolean designs = arguments.length > 0 && arguments[0].equals("designs");
    Path home = Files.createTempDirectory("tapedeck-bench");
    try {
      if (designs) {
        new Designs(home, System.out).run();
      } else {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        new SearchBenchmark(home, System.out).run(megabytes);
      }
    } finally {
      try (Stream<Path> all = Files.walk(home)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private void run(int megabytes) throws IOException {
    print.printf("%-22s %9s %16s %18s%n", "", "MB", "catalog/recorded", "processor, ms/MB");
    // Of each kind alone a tenth, then all together: a log, code and Chinese as 2 to 1 to 1.
    for (Corpus corpus : List.of(Corpus.LOG, Corpus.LOG, Corpus.CODE, Corpus.CHINESE)) {
      index(corpus.name(), megabytes / 10, corpus);
    }
    index("BASE64, of a track", BULK_MEGABYTES, Corpus.BASE64);
    Path mixed = index("mixed", megabytes, Corpus.LOG, Corpus.CODE, Corpus.LOG, Corpus.CHINESE);
    queries(mixed);
  }

  private Path index(String name, int megabytes, Corpus... corpora) throws IOException {
    Path file = home.resolve(name + ".db");
    Files.deleteIfExists(file);
    Random random = new Random(1);
    long recorded = 0;
    long nanos = 0;
    int size = corpora[0] == Corpus.BASE64 ? megabytes : SESSION_MEGABYTES;
    try (Catalog catalog = Catalog.open(file)) {
      for (int i = 0; i * size < megabytes; i++) {
        Path folder = Files.createDirectories(home.resolve("session"));
        Path cast =
            cast(folder.resolve("shell-1.cast"), corpora[i % corpora.length], size, i, random);
        recorded += Files.size(cast);
        SessionRecord session = session(i);
        catalog.put(session);
        catalog.flush();
        // On this thread, but for the database's own.
        long before = THREADS.getCurrentThreadCpuTime();
        catalog.rebuildContents(session, folder);
        nanos += THREADS.getCurrentThreadCpuTime() - before;
      }
    }
    // The catalog as it is after its writer, without 'reindex', which would make it smaller yet.
    print.printf(
        "%-22s %9.0f %16.3f %18.1f%n",
        name,
        (double) recorded / MEGABYTE,
        (double) Files.size(file) / recorded,
        nanos / MILLI / ((double) recorded / MEGABYTE));
    return file;
  }

  private static Path cast(Path file, Corpus corpus, int megabytes, int number, Random random)
      throws IOException {
    CastEncoder encoder = new CastEncoder();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      write(out, encoder.header(CastHeader.of(120, 40)));
      long written = 0;
      long nanos = 0;
      while (written < (long) megabytes * MEGABYTE) {
        String line = corpus.line(random) + (written == 0 ? " needle" + number : "") + "\r\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        nanos += random.nextInt(50) * (long) MILLI;
        write(out, encoder.output(nanos, bytes, 0, bytes.length));
        written += bytes.length;
      }
    }
    return file;
  }

  private static void write(OutputStream out, CastLine line) throws IOException {
    out.write(line.array(), line.offset(), line.length());
  }

  private static SessionRecord session(int number) {
    Instant now = Instant.now();
    return new SessionRecord(
        SessionId.create(),
        "ssh",
        "alice",
        "127.0.0.1:" + (1024 + number),
        now,
        now,
        Status.COMPLETE,
        null,
        Map.of(),
        List.of(
            new TrackRecord("shell-1", "shell", "shell-1.cast", 0, null, 1, 1, 0, null, List.of())),
        List.of());
  }

  private void queries(Path file) throws IOException {
    print.printf("%n%-22s %9s %16s %18s%n", "search", "hits", "median, ms", "processor, ms");
    try (Catalog catalog = Catalog.open(file)) {
      for (String typed : QUERIES) {
        query(catalog, typed, WARM_UP);
      }
      for (String typed : QUERIES) {
        print.println(query(catalog, typed, ROUNDS));
      }
    }
  }

  private static String query(Catalog catalog, String typed, int rounds) throws IOException {
    double[] millis = new double[rounds];
    double[] processor = new double[rounds];
    int hits = 0;
    for (int i = 0; i < rounds; i++) {
      long before = System.nanoTime();
      long worked = THREADS.getCurrentThreadCpuTime();
      hits = catalog.search(SearchQuery.of(typed, null, 20)).size();
      processor[i] = (THREADS.getCurrentThreadCpuTime() - worked) / MILLI;
      millis[i] = (System.nanoTime() - before) / MILLI;
    }
    Arrays.sort(millis);
    Arrays.sort(processor);
    return String.format(
        Locale.ROOT,
        "%-22s %9d %16.1f %18.1f",
        typed,
        hits,
        millis[rounds / 2],
        processor[rounds / 2]);
  }
}
