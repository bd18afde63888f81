package dev.tapedeck.api.redaction;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Str;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes credentials out of a JSON body while it passes: those in the fields that the APIs have for
 * them, which are members of the body itself and of the entries of {@code tools} and {@code
 * mcp_servers}, and what is so called by the owner anywhere.
 *
 * <pre>
 *   BETWEEN --"--> NAME --"--> BETWEEN --"--> VALUE --"--> BETWEEN
 *                                        \--> SECRET --"--> BETWEEN   nothing of it is passed on
 * </pre>
 *
 * <p>It follows strings and brackets and nothing else, so that a body that is cut off or no JSON
 * passes as it is. For one thread.
 */
final class CredentialFields implements FieldRedaction {

  /** What lies deeper is not looked at. */
  private static final int MAX_DEPTH = 200;

  /** Lists whose entries say how to reach a server. */
  private static final Set<String> SERVERS = Set.of("tools", "mcp_servers");

  /** Members of credentials and of headers that are none. */
  private static final Set<String> HARMLESS =
      Set.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "cache-control",
          "content-type",
          "idempotency-key",
          "mcp-protocol-version",
          "type",
          "user-agent");

  private enum State {
    BETWEEN,
    NAME,
    VALUE,
    SECRET,
    /** It is no JSON. */
    OTHER
  }

  /** What an object or array is. */
  private enum Role {
    /** Its members may be credentials by their names. */
    NAMED,
    /** Its entries are {@link #NAMED}. */
    SERVERS,
    /** All strings in it are credentials, but for a few. */
    CREDENTIALS,
    NONE
  }

  private static final class Level {
    final boolean array;
    final Role role;
    boolean nameNext;
    String name = "";

    Level(boolean array, Role role) {
      this.array = array;
      this.role = role;
      this.nameNext = !array;
    }
  }

  private final SecretNames names;
  private final Consumer<String> found;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private State state = State.BETWEEN;
  private boolean begun;
  private boolean escaped;
  private int tooDeep;
  private boolean altered;

  /** Where in the piece what was not passed on yet begins. */
  private int from;

  private @Nullable ByteArrayOutputStream changed;

  /**
   * @param found told what was taken out
   */
  CredentialFields(SecretNames names, Consumer<String> found) {
    this.names = names;
    this.found = found;
  }

  @Override
  public boolean altered() {
    return altered;
  }

  @Override
  public byte @Nullable [] clean(byte[] bytes, int offset, int length) {
    int to = offset + length;
    from = offset;
    changed = null;
    int at = offset;
    while (at < to && state != State.OTHER) {
      at = state == State.BETWEEN ? between(bytes, at, to) : string(bytes, at, to);
    }
    if (changed == null) {
      return null;
    }
    output().write(bytes, from, to - from);
    return output().toByteArray();
  }

  @Override
  public byte[] end() {
    if (state != State.SECRET || text.size() == 0) {
      return new byte[0];
    }
    state = State.OTHER;
    return mark();
  }

  private int between(byte[] bytes, int begin, int to) {
    for (int at = begin; at < to; at++) {
      byte each = bytes[at];
      switch (each) {
        case '{', '[' -> open(each == '[');
        case '}', ']' -> close();
        case ',' -> {
          Level level = levels.peek();
          if (level != null) {
            level.nameNext = !level.array;
          }
        }
        case '"' -> {
          quote();
          return at + 1;
        }
        default -> {
          if (!begun && each != ' ' && each != '\n' && each != '\r' && each != '\t') {
            state = State.OTHER;
            return to;
          }
        }
      }
      begun = true;
    }
    return to;
  }

  private void open(boolean array) {
    if (levels.size() >= MAX_DEPTH) {
      tooDeep++;
      return;
    }
    Level above = levels.peek();
    levels.push(new Level(array, role(above, array)));
  }

  private Role role(@Nullable Level above, boolean array) {
    if (above == null) {
      return array ? Role.SERVERS : Role.NAMED;
    }
    if (above.role == Role.CREDENTIALS) {
      return Role.CREDENTIALS;
    }
    if (above.array) {
      return above.role == Role.SERVERS && !array ? Role.NAMED : Role.NONE;
    }
    if (SERVERS.contains(above.name)) {
      return array ? Role.SERVERS : Role.NONE;
    }
    boolean credentials =
        names.isAdded(above.name)
            || (above.role == Role.NAMED
                && (above.name.endsWith("headers") || names.is(above.name)));
    return credentials ? Role.CREDENTIALS : Role.NONE;
  }

  private void close() {
    if (tooDeep > 0) {
      tooDeep--;
    } else {
      levels.poll();
    }
  }

  private void quote() {
    Level level = levels.peek();
    text.reset();
    if (level == null || tooDeep > 0) {
      state = State.VALUE;
    } else if (level.nameNext) {
      state = State.NAME;
    } else {
      state = isSecret(level) ? State.SECRET : State.VALUE;
    }
  }

  private boolean isSecret(Level level) {
    return switch (level.role) {
      case CREDENTIALS ->
          level.array
              || !HARMLESS.contains(level.name.toLowerCase(Locale.ROOT))
              || names.isAdded(level.name);
      case NAMED -> names.is(level.name);
      case SERVERS, NONE -> !level.array && names.isAdded(level.name);
    };
  }

  /** What is in a string, up to its end. */
  private int string(byte[] bytes, int begin, int to) {
    int limit =
        switch (state) {
          case NAME -> MAX_NAME_BYTES;
          case SECRET -> MAX_VALUE_BYTES;
          case BETWEEN, VALUE, OTHER -> 0;
        };
    for (int at = begin; at < to; at++) {
      byte each = bytes[at];
      if (escaped) {
        escaped = false;
      } else if (each == '\\') {
        escaped = true;
      } else if (each == '"') {
        leaveOut(bytes, begin, at);
        ended();
        return at + 1;
      }
      if (text.size() < limit) {
        text.write(each);
      }
    }
    leaveOut(bytes, begin, to);
    return to;
  }

  private void ended() {
    Level level = levels.peek();
    if (state == State.NAME && level != null) {
      level.name = text.size() < MAX_NAME_BYTES ? text.toString(StandardCharsets.UTF_8) : "";
      level.nameNext = false;
    } else if (state == State.SECRET && text.size() > 0) {
      output().writeBytes(mark());
    }
    state = State.BETWEEN;
  }

  /** What is so far of a credential is not passed on; what stands before it is. */
  private void leaveOut(byte[] bytes, int begin, int end) {
    if (state == State.SECRET && end > begin) {
      output().write(bytes, from, begin - from);
      from = end;
      altered = true;
    }
  }

  private ByteArrayOutputStream output() {
    ByteArrayOutputStream output = changed;
    if (output == null) {
      output = new ByteArrayOutputStream();
      changed = output;
    }
    return output;
  }

  private byte[] mark() {
    String raw = text.toString(StandardCharsets.UTF_8);
    byte[] json = ('"' + raw + '"').getBytes(StandardCharsets.UTF_8);
    Optional<Json> parsed = Json.tryParse(json, 0, json.length);
    String value = parsed.isPresent() && parsed.get() instanceof Str(String plain) ? plain : raw;
    HeaderRedaction.parts(value, found);
    return RedactionMark.mark(value).getBytes(StandardCharsets.UTF_8);
  }
}
