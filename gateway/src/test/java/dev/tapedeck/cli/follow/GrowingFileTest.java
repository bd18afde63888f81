package dev.tapedeck.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {

  private static final int ALL = 1 << 30;

  @TempDir Path folder;
  private Path path;
  private GrowingFile file;

  @BeforeEach
  void place() {
    path = folder.resolve("grows");
    file = new GrowingFile(path);
  }

  private void append(String text) throws IOException {
    Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private List<String> look() throws IOException {
    List<String> lines = new ArrayList<>();
    file.look(ALL, (offset, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
    return lines;
  }

  @Test
  void aFileThatIsNotThereHasNoLines() throws IOException {
    assertThat(look()).isEmpty();
  }

  @Test
  void onlyWholeLinesAreHandedOn() throws IOException {
    append("one\ntw");
    assertThat(look()).containsExactly("one");
    assertThat(look()).isEmpty();
    append("o\n\nthree\n");
    assertThat(look()).containsExactly("two", "", "three");
  }

  @Test
  void aLineThatIsRefusedComesAgain() throws IOException {
    append("head\n]}}\n");
    List<String> taken = new ArrayList<>();
    file.look(
        ALL,
        (offset, line) -> line[0] != ']' && taken.add(new String(line, StandardCharsets.UTF_8)));
    assertThat(taken).containsExactly("head");
    assertThat(look()).containsExactly("]}}");
  }

  @Test
  void aFileThatBeginsAnewIsReadAnew() throws IOException {
    append("first line of the old file\nsecond\n");
    assertThat(look()).hasSize(2);
    Files.writeString(path, "new\n");
    assertThat(look()).containsExactly("new");
    Files.writeString(path, "newer, and longer than the one before\n");
    assertThat(look()).containsExactly("newer, and longer than the one before");
  }

  @Test
  void longLinesAreWhole() throws IOException {
    String line = "x".repeat(1_000_000);
    append("a\n" + line + "\nb\n");
    assertThat(look()).containsExactly("a", line, "b");
  }

  @Test
  void aLookEndsWithItsBudget() throws IOException {
    append("0123456789\n".repeat(100_000));
    List<String> lines = new ArrayList<>();
    boolean more =
        file.look(1, (offset, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
    assertThat(more).isTrue();
    assertThat(lines).hasSizeBetween(1, 99_999);
    while (more) {
      more = file.look(1, (offset, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
    }
    assertThat(lines).hasSize(100_000).containsOnly("0123456789");
  }
}
