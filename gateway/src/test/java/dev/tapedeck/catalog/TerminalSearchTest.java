package dev.tapedeck.catalog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
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

  private static String base64(Random random, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    return Base64.getEncoder().encodeToString(data);
  }

  @Test
  void bulkOutputIsSearchedUpToALimitAndTheCatalogSaysSo() throws IOException {
    catalog.close();
    catalog = Catalog.open(catalog.file(), CatalogOptions.limits(100_000, 10, Duration.ofDays(1)));
    Random random = new Random(1);
    String[] outputs = new String[4000];
    Arrays.setAll(outputs, _ -> base64(random, 57) + "\r\n");
    outputs[0] = "a walrus\r\n";
    outputs[3999] = "a dugong\r\n";
    Path cast = Casts.write(folder, "b.cast", outputs);
    catalog.terminal(SESSION, track("exec-1", "b.cast", 0), cast);
    catalog.terminal(
        SESSION, track("exec-2", "s.cast", 0), Casts.write(folder, "s.cast", "a manatee"));
    assertThat(search("walrus")).hasSize(1);
    assertThat(search("manatee")).hasSize(1);
    assertThat(search("dugong")).as("behind the limit").isEmpty();
    assertThat(catalog.cutTracks(null, 9))
        .containsExactly(new CutTrack(SESSION, "exec-1", 100_000));
    assertThat(catalog.cutTracks(Sessions.id(2), 9)).isEmpty();
    assertThat(catalog.cutTracks(SESSION, 9)).hasSize(1);
    catalog.delete(SESSION);
    assertThat(catalog.cutTracks(null, 9)).isEmpty();
  }

  @Test
  void encodedBytesAreNoWords() throws IOException {
    Random random = new Random(1);
    String bytes = base64(random, 57);
    String inOneLine = base64(random, 90_000);
    String hex = HexFormat.of().formatHex(base64(random, 100).getBytes(US_ASCII));
    String sha512 = "cf83e1357eefb8bdf1542850d66d8007".repeat(4);
    String path =
        "/srv/Projects/Tapedeck/gateway/src/main/java/dev/tapedeck/Catalog2/SearchQuery.java";
    String name = "thisIsTheVeryLongNameOfATestThatSomebodyWroteInTheYear2026AndThatIsFound";
    String key = "ssh-ed25519 " + base64(random, 51) + " alice@home";
    Path cast =
        Casts.write(
            folder,
            "e.cast",
            bytes + "\r\n",
            inOneLine + "\r\n",
            hex + "\r\n",
            String.join("\r\n", sha512, path, name, key) + "\r\n");
    catalog.terminal(SESSION, track("exec-1", "e.cast", 0), cast);
    for (String none : List.of(bytes, hex, inOneLine.substring(1000, 1050))) {
      assertThat(search(none)).as(none).isEmpty();
    }
    for (String found : List.of(sha512, path, name, "alice@home", key.substring(0, 24))) {
      assertThat(search(found)).as(found).extracting(Hit::millis).containsExactly(4000L);
    }
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
