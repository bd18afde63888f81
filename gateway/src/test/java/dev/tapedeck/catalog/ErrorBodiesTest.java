package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.StreamEnd;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErrorBodiesTest {

  /** Shortened from what Cloudflare sends. */
  private static final String CLOUDFLARE =
      """
      <!DOCTYPE html>
      <!--[if lt IE 7]> <html class="no-js ie6 oldie" lang="en-US"> <![endif]-->
      <html class="no-js" lang="en-US"><head>
      <title>api.example.com | 502: Bad gateway</title>
      <style>.cf-wrapper { color: dugong }</style>
      <script>(function(){ if (a < b) { var manatee = "</div>"; } })()</script>
      </head><body><div id="cf-wrapper" title="a > b"><h1><span>Bad gateway</span>
      <span class="code-label">Error code 502</span></h1>
      <p>Cloudflare&#39;s Ray ID:&nbsp;<strong>8f1c0d&#x65;adbeef</strong> &bull; caf&eacute; &amp; more</p>
      </div></body></html>
      """;

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

  private void answered(long number, int status, String type, String body) {
    catalog.exchange(
        Sessions.id(1), "api", Exchanges.of(number, status, type, "[]", body, StreamEnd.COMPLETE));
  }

  private List<Hit> search(String typed) throws CatalogException {
    assertThat(catalog.flush()).isTrue();
    return catalog.search(SearchQuery.of(typed, null, 50));
  }

  @Test
  void anErrorPageIsFoundByWhatItSays() throws CatalogException {
    answered(1, 502, "text/html; charset=UTF-8", CLOUDFLARE);
    for (String typed :
        List.of("\"bad gateway\"", "\"error code 502\"", "8f1c0deadbeef", "\"Cloudflare's Ray\"")) {
      assertThat(search(typed))
          .as(typed)
          .extracting(Hit::kind, Hit::exchange, Hit::name)
          .containsExactly(tuple("error", 1L, "502"));
    }
    assertThat(search("ray").getFirst().context())
        .contains("Cloudflare's \u0002Ray\u0003 ID: 8f1c0deadbeef")
        .doesNotContain("<");
    for (String none : List.of("dugong", "manatee", "oldie", "wrapper")) {
      assertThat(search(none)).as(none).isEmpty();
    }
  }

  @Test
  void aPageThatIsCutOffOrIsNoneIsFound() throws CatalogException {
    answered(1, 503, "text/html", "<html><body><h1>upstream connect error</h1><p>walrus <scr");
    answered(2, 504, "text/plain", "stream timeout < 60 s > walrus");
    answered(3, 500, "", "<h1>walrus</h1><script>never ended");
    assertThat(search("walrus")).extracting(Hit::exchange).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(search("\"connect error\"")).hasSize(1);
    assertThat(search("\"60 s\"")).hasSize(1);
  }

  @Test
  void aPageInThePlaceOfAModelsAnswerIsFound() throws CatalogException {
    answered(1, 200, "text/html", "<html><title>Sign in</title><p>walrus");
    assertThat(search("walrus"))
        .extracting(Hit::kind, Hit::name)
        .containsExactly(tuple("error", "200"));
  }

  @Test
  void allOfAnErrorsJsonIsFound() throws CatalogException {
    answered(1, 422, "application/json", "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"walrus\"}]}");
    answered(
        2,
        429,
        "application/json",
        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow down\"},"
            + "\"request_id\":\"req_011CSHoEeqs5C35K2UUqR7Fy\"}");
    answered(3, 400, "application/json", "[{\"error\":{\"code\":400,\"status\":\"ODOBENUS\"}}]");
    assertThat(search("walrus")).extracting(Hit::exchange).containsExactly(1L);
    assertThat(search("req_011CSHoEeqs5C35K2UUqR7Fy"))
        .extracting(Hit::kind, Hit::name)
        .containsExactly(tuple("error", "rate_limit_error"));
    assertThat(search("\"slow down\"")).hasSize(1);
    assertThat(search("odobenus")).extracting(Hit::exchange).containsExactly(3L);
  }

  @Test
  void anErrorOfWhatIsNoModelsApiIsFoundAndItsAnswersAreNot() throws CatalogException {
    for (int status : new int[] {401, 200}) {
      Obj entry =
          Exchanges.of(
              status,
              status,
              "application/json",
              "[]",
              "{\"message\":\"walrus\"}",
              StreamEnd.COMPLETE);
      Objects.requireNonNull(entry.object("request"))
          .put("url", new Str("https://api.example.com/v1/files"));
      catalog.exchange(Sessions.id(1), "api", entry);
    }
    assertThat(search("walrus")).extracting(Hit::exchange).containsExactly(401L);
  }
}
