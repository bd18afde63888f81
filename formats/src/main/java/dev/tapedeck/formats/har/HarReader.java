package dev.tapedeck.formats.har;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.JsonText;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a HAR entry by entry, whoever wrote it: only one entry is in memory.
 *
 * <p>An entry is checked no further than that it has a request and a response; what else it holds
 * is kept as it is. The file's other members are passed over, wherever they stand.
 */
public final class HarReader implements AutoCloseable {

  /**
   * An entry.
   *
   * @param index from 0
   * @param offset where it begins in the file, in bytes
   */
  public record Item(int index, long offset, Json.Obj entry) {}

  private final Input input;
  private final JsonParser parser;
  private boolean inEntries;
  private boolean ended;
  private int index;

  private HarReader(InputStream in) {
    input = new Input(in);
    parser = JsonText.parser(input);
  }

  /** Knows whether its end was met: then what the parser misses is the rest of the file. */
  private static final class Input extends FilterInputStream {
    private boolean endMet;

    Input(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      endMet |= value < 0;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      endMet |= count < 0;
      return count;
    }
  }

  /** Reads from a stream, which is closed with the reader. */
  public static HarReader of(InputStream in) {
    return new HarReader(in);
  }

  /**
   * The next entry; null after the last.
   *
   * @throws HarFormatException with the entry and the byte, if the file is not a HAR or is cut off;
   *     all entries that were given before are good
   */
  public @Nullable Item next() throws IOException {
    if (ended) {
      return null;
    }
    try {
      if (!inEntries) {
        findEntries();
        inEntries = true;
      }
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        finish();
        ended = true;
        return null;
      }
      long offset = parser.currentTokenLocation().getByteOffset();
      Json.Obj entry = entry(offset);
      return new Item(index++, offset, entry);
    } catch (JacksonException e) {
      ended = true;
      throw failure(e);
    }
  }

  private Json.Obj entry(long offset) throws HarFormatException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new HarFormatException(offset, where(), "an entry must be an object", false);
    }
    Json.Obj entry = (Json.Obj) JsonText.value(parser);
    for (String part : new String[] {"request", "response"}) {
      if (entry.object(part) == null) {
        throw new HarFormatException(offset, where(), "the entry has no " + part, false);
      }
    }
    return entry;
  }

  private void findEntries() throws HarFormatException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw notHar("it does not begin with an object");
    }
    if (!member("log") || parser.nextToken() != JsonToken.START_OBJECT) {
      throw notHar("it has no object \"log\"");
    }
    if (!member("entries") || parser.nextToken() != JsonToken.START_ARRAY) {
      throw notHar("it has no array \"log.entries\"");
    }
  }

  /** Goes to the name of a member of this object; false if it has none such. */
  private boolean member(String name) {
    for (String each = parser.nextName(); each != null; each = parser.nextName()) {
      if (each.equals(name)) {
        return true;
      }
      parser.nextToken();
      parser.skipChildren();
    }
    return false;
  }

  /** The end must be there, too: a file that is cut off behind its last entry is cut off. */
  private void finish() {
    while (parser.nextToken() != null) {
      parser.skipChildren();
    }
  }

  private static HarFormatException notHar(String reason) {
    return new HarFormatException(0, "not a HAR", reason, false);
  }

  private String where() {
    return inEntries ? "entry " + index : "before the entries";
  }

  private IOException failure(JacksonException e) {
    // Bytes that are no characters come the same way as a disk that fails.
    if (e.getCause() instanceof IOException cause && !(cause instanceof CharConversionException)) {
      return cause;
    }
    long offset = parser.currentLocation().getByteOffset();
    String reason = input.endMet ? "the file ends too early" : e.getOriginalMessage();
    return new HarFormatException(offset, where(), reason, input.endMet);
  }

  /**
   * Reads the one entry that begins at a place that {@link Item#offset} named.
   *
   * @throws IOException if there is none
   */
  public static Json.Obj entryAt(Path file, long offset) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // A parser looks at its first bytes as soon as it is made.
      in.skipNBytes(offset);
      try (HarReader reader = new HarReader(in)) {
        reader.inEntries = true;
        reader.parser.nextToken();
        return reader.entry(offset);
      }
    } catch (JacksonException e) {
      throw new HarFormatException(offset, "no entry", e.getOriginalMessage(), false);
    }
  }

  @Override
  public void close() {
    parser.close();
  }
}
