package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog is never larger than what it indexes, once that is more than some tables. */
final class CatalogSizeTest {

  private static final String[] WORDS =
      "the connection pool of gateway was closed while request handler waited for OrderService"
          .split(" ", -1);

  private static final String[] CHINESE =
      "数据库 连接池 配置 检查 是否 正确 日志 服务器 错误 超时 请求 响应 用户 系统 文件 目录 重跑 之后".split(" ", -1);

  @TempDir private Path folder;
  private final Random random = new Random(3);

  private String words(String[] from, String between, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> from[random.nextInt(from.length)])
        .reduce((a, b) -> a + between + b)
        .orElseThrow();
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private Path cast(int lines, IntFunction<String> line) throws IOException {
    return Casts.write(
        folder,
        "shell-1.cast",
        IntStream.range(0, lines).mapToObj(i -> line.apply(i) + "\r\n").toArray(String[]::new));
  }

  /** How large the catalog is for each byte that it has read. */
  private double ratio(String track, Path file) throws IOException {
    try (Catalog catalog = Catalog.open(folder.resolve("c.db"))) {
      SessionRecord plain = Sessions.plain(1, "alice", Status.COMPLETE);
      SessionRecord session =
          new SessionRecord(
              plain.id(),
              plain.kind(),
              plain.user(),
              plain.source(),
              plain.started(),
              plain.ended(),
              plain.status(),
              plain.reason(),
              Map.of(),
              List.of(
                  new TrackRecord(
                      track,
                      track,
                      file.getFileName().toString(),
                      0,
                      null,
                      1,
                      1,
                      0,
                      "ab",
                      List.of())),
              List.of());
      catalog.put(session);
      assertThat(catalog.flush()).isTrue();
      assertThat(catalog.rebuildContents(session, folder)).isEmpty();
      catalog.reindexed();
    }
    double ratio = (double) Files.size(folder.resolve("c.db")) / Files.size(file);
    System.out.printf("catalog / %s: %.2f%n", file.getFileName(), ratio);
    return ratio;
  }

  @Test
  void ofALog() throws IOException {
    Path cast =
        cast(
            20_000,
            i ->
                "2026-11-21T09:00:"
                    + i
                    + " "
                    + Long.toHexString(random.nextLong())
                    + " "
                    + words(WORDS, " ", 8));
    assertThat(ratio("shell-1", cast)).isLessThan(0.7);
  }

  @Test
  void ofEncodedBytes() throws IOException {
    Path cast = cast(20_000, _ -> Base64.getEncoder().encodeToString(bytes(57)));
    assertThat(ratio("shell-1", cast)).isLessThan(0.2);
  }

  @Test
  void ofHexInLinesAndInOne() throws IOException {
    Path cast = cast(500, i -> HexFormat.of().formatHex(bytes(i == 0 ? 500_000 : 100)));
    assertThat(ratio("shell-1", cast)).isLessThan(0.3);
  }

  @Test
  void ofShortHexThatIsSearched() throws IOException {
    Path cast = cast(20_000, _ -> HexFormat.of().formatHex(bytes(32)));
    assertThat(ratio("shell-1", cast)).isLessThan(1);
  }

  @Test
  void ofChinese() throws IOException {
    Path cast = cast(20_000, _ -> words(CHINESE, "", 12) + (char) (0x4E00 + random.nextInt(3000)));
    assertThat(ratio("shell-1", cast)).isLessThan(0.7);
  }

  @Test
  void ofAnAgentsSession() throws IOException {
    StringBuilder history = new StringBuilder("{\"role\":\"user\",\"content\":\"begin\"}");
    Obj[] entries = new Obj[60];
    for (int i = 0; i < entries.length; i++) {
      String told = "[{\"type\":\"text\",\"text\":\"" + words(WORDS, " ", 60) + "\"}]";
      entries[i] = Exchanges.call(i + 1, "[" + history + "]", told);
      history.append(",{\"role\":\"assistant\",\"content\":").append(told).append('}');
      history
          .append(",{\"role\":\"user\",\"content\":\"")
          .append(words(WORDS, "_", 300))
          .append("\"}");
    }
    assertThat(ratio("api", Exchanges.har(folder.resolve("api.har"), entries))).isLessThan(0.3);
  }
}
