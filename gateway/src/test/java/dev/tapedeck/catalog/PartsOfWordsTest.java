package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PartsOfWordsTest {

  private static final String CHINESE = "请重跑gen-itgc后检查数据库连接池配置是否正确";

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

  private void said(String... texts) {
    for (int i = 0; i < texts.length; i++) {
      String messages = "[{\"role\":\"user\",\"content\":\"" + texts[i] + "\"}]";
      catalog.exchange(Sessions.id(1), "api", Exchanges.call(i + 1, messages, "[]"));
    }
  }

  /** The contexts of what is found, with what was looked for in brackets. */
  private List<String> found(String typed) throws CatalogException {
    assertThat(catalog.flush()).isTrue();
    return catalog.search(SearchQuery.of(typed, null, 50)).stream()
        .map(hit -> hit.context().replace(Hit.BEGIN, '[').replace(Hit.END, ']'))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "数据库|请重跑gen-itgc后检查[数据库]连接池配置是否正确",
        "池|请重跑gen-itgc后检查数据库连接[池]配置是否正确",
        "确|请重跑gen-itgc后检查数据库连接池配置是否正[确]",
        "请|[请]重跑gen-itgc后检查数据库连接池配置是否正确",
        "配置|请重跑gen-itgc后检查数据库连接池[配置]是否正确",
        "itgc|请重跑gen-[itgc]后检查数据库连接池配置是否正确",
        "gen-itgc|请重跑[gen-itgc]后检查数据库连接池配置是否正确",
        "gen|请重跑[gen]-itgc后检查数据库连接池配置是否正确",
        "ITGC 池 检查|请重跑gen-[itgc]后[检查]数据库连接[池]配置是否正确",
        "\"itgc后检查\"|请重跑gen-[itgc后检查]数据库连接池配置是否正确",
      })
  void wordsOfATextWithoutBlanksAreFound(String typed, String context) throws CatalogException {
    said(CHINESE, "另一个 connection");
    assertThat(found(typed)).containsExactly(context);
  }

  @Test
  void whatStandsInAnotherOrderIsNoPhrase() throws CatalogException {
    said(CHINESE);
    for (String typed : List.of("库数", "\"连接 数据库\"", "数据池", "池池", "itgcs")) {
      assertThat(found(typed)).as(typed).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "検査|接続プールの[検査]を行う",
        "査|接続プールの検[査]を行う",
        "プール|接続[プール]の検査を行う",
        "데이터|[데이터]베이스를 확인",
        "베이스|데이터[베이스]를 확인",
        "𠮷|[𠮷]野家へ行く",
        "ﾌﾟｰﾙ|半角の[ﾌﾟｰﾙ]",
        "ＡＢＣ|the [abc] of it",
      })
  void japaneseKoreanAndRareCharactersAreFound(String typed, String context)
      throws CatalogException {
    said("接続プールの検査を行う", "데이터베이스를 확인", "𠮷野家へ行く", "半角のﾌﾟｰﾙ", "the abc of it");
    assertThat(found(typed)).containsExactly(context);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Pool|the connection[Pool] is full",
        "pool|the connection[Pool] is full",
        "connectionpool|the [connectionPool] is full",
        "usr|ls /[usr]/local/lib64",
        "local|ls /usr/[local]/lib64",
        "usr/local|ls /[usr/local]/lib64",
        "/usr/local/|ls /[usr/local]/lib64",
        "thread|a worker_[thread] of org.example",
        "worker_thread|a [worker_thread] of org.example",
        "example|a worker_thread of org.[example]",
        "org.example|a worker_thread of [org.example]",
        "React|node-[react]-dom",
        "alrus|a w[alrus]es herd",
        "walr*|a [walruses] herd",
        "Id|get[Id] or HTTPServer",
        "HTTP|getId or [HTTP]Server",
        "server|getId or HTTP[Server]",
        "resume|the [résumé] of it",
        "ls|[ls] /usr/local/lib64",
      })
  void partsOfIdentifiersAndPathsAreFound(String typed, String context) throws CatalogException {
    said(
        "the connectionPool is full",
        "ls /usr/local/lib64",
        "a worker_thread of org.example",
        "node-react-dom",
        "a walruses herd",
        "getId or HTTPServer",
        "the résumé of it");
    assertThat(found(typed)).containsExactly(context);
  }

  @Test
  void oneOrTwoLettersAreAWholeWordOrPartOfAName() throws CatalogException {
    said("also pools", "false", "x ls");
    assertThat(found("ls")).containsExactly("x [ls]");
    assertThat(found("s")).isEmpty();
    assertThat(found("x")).containsExactly("[x] ls");
    assertThat(found("fa*")).containsExactly("[false]");
  }

  @Test
  void wholeWordsComeBeforePartsOfWords() throws CatalogException {
    said("concatenate these", "the cat sat", "a category of it");
    assertThat(found("cat"))
        .containsExactly("the [cat] sat", "a [cat]egory of it", "con[cat]enate these");
  }

  @Test
  void aPhraseReachesOverMarksAndLineEnds() throws CatalogException {
    said("error: no such\\nfile, or folder", "no file such");
    assertThat(found("\"no such file or\"")).containsExactly("error: [no such\nfile, or] folder");
  }

  @Test
  void partsAreFoundInWhatATerminalShowed() throws IOException {
    Path cast = Casts.write(folder, "s.cast", "$ make\r\n", CHINESE + "\r\n", "connectionPool\r\n");
    catalog.terminal(
        Sessions.id(1),
        new TrackRecord("shell-1", "shell", "s.cast", 0, null, 1, 1, 0, "ab", List.of()),
        cast);
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.search(SearchQuery.of("数据库 pool", null, 5)))
        .extracting(Hit::millis)
        .containsExactly(2000L);
    assertThat(catalog.search(SearchQuery.of("onpool", null, 5)))
        .extracting(Hit::millis)
        .containsExactly(3000L);
  }
}
