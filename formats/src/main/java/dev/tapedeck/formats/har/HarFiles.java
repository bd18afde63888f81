package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that are too large for an entry and lie in files beside the HAR: {@code _file} in {@code
 * content} or {@code postData} names one, as in Playwright's HARs, and in the wire's {@code body}.
 * The file has the bytes as they passed, or decoded where a secret was taken out.
 */
public final class HarFiles {

  /** How such a file's name ends. */
  public static final String SUFFIX = ".body";

  static final String FILE = "_file";

  /** What such a file's bytes are coded in, where a view names it. */
  private static final String CODING = "_file_coding";

  /** A file's name and no path: an entry may come from anywhere. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private HarFiles() {}

  static Obj postData(String mimeType, HarBody.Beside beside) {
    return named(new Obj().put("mimeType", mimeType).put("text", ""), beside);
  }

  static Obj content(String mimeType, HarBody.Beside beside) {
    return named(new Obj().put("size", beside.bytes()).put("mimeType", mimeType), beside);
  }

  private static Obj named(Obj into, HarBody.Beside beside) {
    into.put(FILE, beside.name());
    if (!beside.coding().isEmpty()) {
      into.put(CODING, beside.coding());
    }
    return into;
  }

  /** Whether a body of the entry's lies in a file. */
  public static boolean isElsewhere(Obj entry) {
    return file(entry, "request") != null || file(entry, "response") != null;
  }

  /**
   * The entry with its bodies in it, as if they were small: for what is to stand without the files.
   * A body is then whole in memory, several times.
   *
   * @param har the file that the entry is from
   * @return the entry itself if its bodies are in it
   * @throws IOException with the path, if a file cannot be read
   */
  public static Obj whole(Obj entry, Path har) throws IOException {
    if (!isElsewhere(entry)) {
      return entry;
    }
    Obj whole = (Obj) entry.copy();
    fill(whole, "request", "postData", har);
    fill(whole, "response", "content", har);
    return whole;
  }

  /** As {@link #whole}, but for the request alone. */
  public static Obj wholeRequest(Obj entry, Path har) throws IOException {
    if (file(entry, "request") == null) {
      return entry;
    }
    Obj whole = (Obj) entry.copy();
    fill(whole, "request", "postData", har);
    return whole;
  }

  private static void fill(Obj entry, String side, String member, Path har) throws IOException {
    String name = file(entry, side);
    Obj facts = facts(entry, side);
    Obj part = entry.object(side);
    Obj shown = part == null ? null : part.object(member);
    if (name == null || facts == null || part == null || shown == null) {
      return;
    }
    byte[] bytes = read(har, name);
    facts.put(
        "body",
        new Obj()
            .put("encoding", WireFacts.BASE64)
            .put("data", Base64.getEncoder().encodeToString(bytes)));
    String coding = shown.string(CODING);
    byte[] text =
        coding == null ? bytes : BodyDecoder.decode(coding, bytes, Body.MAX_DECODED_BYTES).bytes();
    String type = String.valueOf(shown.string("mimeType"));
    part.put(
        member,
        side.equals("request") ? HarText.postData(type, text) : HarText.content(type, text));
  }

  private static byte[] read(Path har, String name) throws IOException {
    Path file = har.resolveSibling(name);
    if (!NAME.matcher(name).matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(har + " names a body's file that is not there: " + List.of(name));
    }
    return Files.readAllBytes(file);
  }

  private static @Nullable String file(Obj entry, String side) {
    Obj facts = facts(entry, side);
    Obj body = facts == null ? null : facts.object("body");
    return body == null ? null : body.string(FILE);
  }

  private static @Nullable Obj facts(Obj entry, String side) {
    Obj wire = entry.object("_wire");
    return wire == null ? null : wire.object(side);
  }
}
