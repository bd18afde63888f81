package dev.tapedeck.formats.har;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.formats.har.HarReader.Item;
import dev.tapedeck.formats.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HarReaderTest {

  private static List<Item> read(String har) throws IOException {
    return read(new ByteArrayInputStream(har.getBytes(UTF_8)));
  }

  private static List<Item> read(InputStream in) throws IOException {
    List<Item> items = new ArrayList<>();
    try (HarReader reader = HarReader.of(in)) {
      for (Item item = reader.next(); item != null; item = reader.next()) {
        items.add(item);
      }
    }
    return items;
  }

  @ParameterizedTest
  @ValueSource(strings = {"chrome.har", "firefox.har", "playwright.har", "mitmproxy.har"})
  void harsOfOthersAreRead(String name) throws IOException {
    List<Item> items = read(getClass().getResourceAsStream(name));
    assertThat(items).hasSize(2);
    Json.Obj first = items.getFirst().entry();
    assertThat(first.object("request").object("postData").string("text")).isEqualTo("{\"q\":1}");
    assertThat(HarWire.responseBody(first).bytes()).asString(UTF_8).isEqualTo("data: hello\n\n");
  }

  @Test
  void entriesMayStandBeforeTheVersion() throws IOException {
    assertThat(
            read(
                """
                \ufeff{ "x": [{"entries": 1}], "log": { "pages": [{}], "entries": [
                  {"request": {}, "response": {}} ], "version": "1.2" }, "y": {} }
                """))
        .singleElement()
        .extracting(Item::index)
        .isEqualTo(0);
    assertThat(read("{\"log\":{\"entries\":[]}}")).isEmpty();
  }

  @Test
  void whatIsNoHarSaysWhy() {
    assertThatThrownBy(() -> read("[]"))
        .hasMessage("not a HAR (byte 0): it does not begin with an object");
    assertThatThrownBy(() -> read("{\"log\":[]}"))
        .hasMessage("not a HAR (byte 0): it has no object \"log\"");
    assertThatThrownBy(() -> read("{\"log\":{}}"))
        .hasMessage("not a HAR (byte 0): it has no array \"log.entries\"");
    assertThatThrownBy(() -> read("{\"log\":{\"entries\":[1]}}"))
        .hasMessage("entry 0 (byte 19): an entry must be an object");
    assertThatThrownBy(() -> read("{\"log\":{\"entries\":[{\"request\":{}}]}}"))
        .hasMessage("entry 0 (byte 19): the entry has no response");
    assertThatThrownBy(() -> read("nonsense")).isInstanceOf(HarFormatException.class);
  }

  @Test
  void theBrokenEntryIsNamedAndThoseBeforeItAreGiven() throws IOException {
    String har =
        "{\"log\":{\"entries\":[{\"request\":{},\"response\":{}},{\"request\":{},\"respo nse\":}]}}";
    try (HarReader reader = HarReader.of(new ByteArrayInputStream(har.getBytes(UTF_8)))) {
      assertThat(reader.next()).isNotNull();
      assertThatThrownBy(reader::next)
          .isInstanceOfSatisfying(
              HarFormatException.class,
              e -> {
                assertThat(e).hasMessageStartingWith("entry 1 (byte 75)");
                assertThat(e.cutOff()).isFalse();
                assertThat(e.offset()).isEqualTo(75);
              });
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void everyCutIsAnErrorAfterTheWholeEntries() throws IOException {
    String har =
        "{\"log\":{\"entries\":[{\"request\":{},\"response\":{}},{\"request\":{},\"response\":{}}]}}";
    for (int length = 1; length < har.length(); length++) {
      int cut = length;
      List<Item> items = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                try (HarReader reader =
                    HarReader.of(new ByteArrayInputStream(har.substring(0, cut).getBytes(UTF_8)))) {
                  for (Item item = reader.next(); item != null; item = reader.next()) {
                    items.add(item);
                  }
                }
              })
          .as("cut at %d", cut)
          .isInstanceOf(HarFormatException.class)
          .matches(e -> ((HarFormatException) e).cutOff() || cut < 19);
      assertThat(items).hasSize(cut < 47 ? 0 : cut < 76 ? 1 : 2);
    }
    assertThat(read(har)).hasSize(2);
  }
}
