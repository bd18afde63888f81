package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminalSearchTest {

  private static final SessionId SESSION = Sessions.id(1);

  @TempDir private Path folder;
  private Catalog catalog;

  @BeforeEach
  void open() throws CatalogException {
    catalog = Catalog.open(folder.resolve("catalog.db"));
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private List<Hit> search(String typed) throws CatalogException {
    assertThat(catalog.flush()).isTrue();
    return catalog.search(SearchQuery.of(typed, null, 50));
  }

  private static TrackRecord track(String name, String file, long started) {
    return new TrackRecord(name, "shell", file, started, null, 1, 1, 0, "ab", List.of());
  }

  @Test
  void whatATerminalShowedIsFoundWithTheSecondOfItsLine() throws IOException {
    Path cast =
        Casts.write(
            folder,
            "s-1.cast",
            "$ make\r\n",
            "gcc -O2 \u001b[31mtusk\u001b[0m.c\r\n",
            "error: \u001b[1mno such\u001b[0m flipper\r\n",
            "\u001b]0;a title\u0007$ exit\r\n");
    catalog.terminal(SESSION, track("shell-1", "s-1.cast", 5000), cast);
    assertThat(search("no such flipper"))
        .singleElement()
        .satisfies(hit -> {
          assertThat(hit.millis()).isEqualTo(5000 + 3000);
          assertThat(hit.kind()).isEqualTo("terminal");
          assertThat(hit.track()).isEqualTo("shell-1");
          assertThat(hit.exchange()).isNull();
          assertThat(hit.context()).contains("\u0002flipper\u0003").doesNotContain("\u001b");
        });
    assertThat(search("make flipper")).as("of one screen").hasSize(1);
    assertThat(search("title")).isEmpty();
    catalog.terminal(SESSION, track("shell-1", "s-1.cast", 5000), cast);
    assertThat(search("flipper")).as("indexed again").hasSize(1);
  }

  @Test
  void aLongOutputIsFoundAtTheRightLine() throws IOException {
    String[] lines = new String[1000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "line number " + i + (i == 777 ? " has a narwhal" : "") + "\r\n";
    }
    catalog.terminal(SESSION, track("exec-1", "e.cast", 0), Casts.write(folder, "e.cast", lines));
    assertThat(search("narwhal")).extracting(Hit::millis).containsExactly(778_000L);
    assertThat(search("\"number 500\"")).extracting(Hit::millis).containsExactly(501_000L);
    assertThat(search("line")).as("a screen each").hasSizeBetween(1000 / 24, 1000 / 20);
  }

  @Test
  void aHundredThousandLinesAreFoundQuickly() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      lines.add("request " + i + " served from cache " + i % 97 + " in " + i % 13 + " ms\r\n");
    }
    Path cast = Casts.write(folder, "long.cast", lines.toArray(String[]::new));
    long start = System.nanoTime();
    catalog.terminal(SESSION, track("exec-1", "long.cast", 0), cast);
    assertThat(catalog.flush()).isTrue();
    long indexed = System.nanoTime();
    assertThat(catalog.search(SearchQuery.of("served cache", null, 20))).hasSize(20);
    long common = System.nanoTime();
    assertThat(catalog.search(SearchQuery.of("\"request 54321\"", null, 20)))
        .extracting(Hit::millis)
        .containsExactly(54_322_000L);
    long rare = System.nanoTime();
    System.out.printf(
        "100,000 lines: indexed in %d ms, words of all found in %d ms, of one in %d ms, %d KiB%n",
        Duration.ofNanos(indexed - start).toMillis(),
        Duration.ofNanos(common - indexed).toMillis(),
        Duration.ofNanos(rare - common).toMillis(),
        (Files.size(catalog.file()) + Files.size(Path.of(catalog.file() + "-wal"))) >> 10);
  }
}
