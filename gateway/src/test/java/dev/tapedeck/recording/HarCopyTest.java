package dev.tapedeck.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarCopyTest {

  private static final SessionId SESSION = SessionId.create();

  @TempDir Path folder;

  private static void put(HarCopy copy, String url) {
    copy.exchange(SESSION, "api", new Obj().put("request", new Obj().put("url", url)));
  }

  private static List<String> urls(Path har) throws Exception {
    Obj log = ((Obj) Json.parse(Files.readString(har))).object("log");
    return log.array("entries").values().stream()
        .map(entry -> ((Obj) entry).object("request").string("url"))
        .toList();
  }

  @Test
  void entriesOfSessionsAreInOneFileWithTheirSession() throws Exception {
    Path har = folder.resolve("all.har");
    try (HarCopy copy = HarCopy.open(har)) {
      assertThat(urls(har)).isEmpty();
      put(copy, "http://a/1");
      put(copy, "http://a/ü");
    }
    assertThat(urls(har)).containsExactly("http://a/1", "http://a/ü");
    assertThat(Files.readString(har)).contains("\"_session\":\"" + SESSION + "\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(har)))
        .isEqualTo("rw-------");
  }

  @Test
  void anEarlierOneIsContinuedAlsoAfterACrash() throws Exception {
    Path har = folder.resolve("all.har");
    try (HarCopy copy = HarCopy.open(har)) {
      put(copy, "http://a/1");
    }
    long whole = Files.size(har);
    try (RandomAccessFile file = new RandomAccessFile(har.toFile(), "rw")) {
      file.setLength(whole - 3);
      file.seek(whole - 3);
      file.writeBytes(",\n{\"request\":{\"ur");
    }
    try (HarCopy copy = HarCopy.open(har)) {
      assertThat(urls(har)).containsExactly("http://a/1");
      put(copy, "http://a/2");
    }
    assertThat(urls(har)).containsExactly("http://a/1", "http://a/2");
  }

  @Test
  void anEmptyFileIsTakenAndOneThatIsNotOursIsRefusedAndLeftAlone() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.har"));
    HarCopy.open(empty).close();
    assertThat(urls(empty)).isEmpty();
    Path other = folder.resolve("other.har");
    String chrome =
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"WebInspector\"},\"entries\":[]}}";
    Files.writeString(other, chrome);
    assertThatThrownBy(() -> HarCopy.open(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no HAR of this program's");
    assertThat(other).hasContent(chrome);
    assertThatThrownBy(() -> HarCopy.open(folder)).isInstanceOf(IOException.class);
  }

  @Test
  void oneFileHasOneWriter() throws Exception {
    Path har = folder.resolve("all.har");
    try (HarCopy copy = HarCopy.open(har)) {
      assertThatThrownBy(() -> HarCopy.open(har)).hasMessageContaining("another gateway");
      put(copy, "http://a/1");
    }
    assertThat(urls(har)).containsExactly("http://a/1");
  }

  @Test
  void whatIsMoreThanMemoryHoldsIsCountedAsMissing() throws Exception {
    Path har = folder.resolve("all.har");
    String big = "x".repeat((int) HarCopy.MAX_WAITING_BYTES);
    try (HarCopy copy = HarCopy.open(har)) {
      put(copy, big);
      put(copy, "http://a/1");
    }
    assertThat(urls(har)).containsExactly("http://a/1");
    assertThat(Files.readString(har)).contains("\"_gaps\":[{\"entries\":1,");
  }
}
