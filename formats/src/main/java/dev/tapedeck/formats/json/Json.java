package dev.tapedeck.formats.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value (RFC 8259).
 *
 * <p>Objects and arrays can be changed and are for one thread at a time. Values are equal when they
 * would be written alike, the order of an object's members aside: the numbers {@code 1} and {@code
 * 1.0} are not equal, since numbers are kept as they were written.
 */
public sealed interface Json {

  /** An object: its members in the order in which they came, the last of a name that came twice. */
  record Obj(Map<String, Json> members) implements Json {

    /** An empty object. */
    public Obj() {
      this(new LinkedHashMap<>());
    }

    /** The member, or null if there is none. A member that is {@code null} is {@link Null}. */
    public @Nullable Json get(String name) {
      return members.get(name);
    }

    /** The member if it is a string, else null. */
    public @Nullable String string(String name) {
      return members.get(name) instanceof Str(String value) ? value : null;
    }

    /** The member if it is an object, else null. */
    public @Nullable Obj object(String name) {
      return members.get(name) instanceof Obj object ? object : null;
    }

    /** The member if it is an array, else null. */
    public @Nullable Arr array(String name) {
      return members.get(name) instanceof Arr array ? array : null;
    }

    /** The member if it is a number without a fraction that fits, else nothing. */
    public OptionalLong integer(String name) {
      return members.get(name) instanceof Num number ? number.integer() : OptionalLong.empty();
    }

    /** Sets a member; one that was there keeps its place. */
    public Obj put(String name, Json value) {
      members.put(name, value);
      return this;
    }

    public Obj put(String name, String value) {
      return put(name, new Str(value));
    }

    public Obj put(String name, long value) {
      return put(name, Num.of(value));
    }

    public Obj put(String name, boolean value) {
      return put(name, new Bool(value));
    }
  }

  /** An array. */
  record Arr(List<Json> values) implements Json {

    /** An empty array. */
    public Arr() {
      this(new ArrayList<>());
    }

    public Arr add(Json value) {
      values.add(value);
      return this;
    }
  }

  /** A string. */
  record Str(String value) implements Json {}

  /**
   * A number, as it was written.
   *
   * @param text as JSON writes numbers; not checked
   */
  record Num(String text) implements Json {

    /** Longer ones are taken for no whole number: their value takes ever longer to make. */
    private static final int MAX_EXACT_CHARS = 100;

    public static Num of(long value) {
      return new Num(Long.toString(value));
    }

    /** Its value if it is a whole number that fits, else nothing: {@code 1e3} is 1000. */
    public OptionalLong integer() {
      try {
        return OptionalLong.of(Long.parseLong(text));
      } catch (NumberFormatException notPlain) {
        return exact();
      }
    }

    private OptionalLong exact() {
      if (text.length() > MAX_EXACT_CHARS) {
        return OptionalLong.empty();
      }
      try {
        BigDecimal value = new BigDecimal(text);
        // 1e999999999 would be made whole digit by digit.
        return value.precision() - value.scale() > Long.toString(Long.MAX_VALUE).length()
            ? OptionalLong.empty()
            : OptionalLong.of(value.longValueExact());
      } catch (ArithmeticException | NumberFormatException noInteger) {
        return OptionalLong.empty();
      }
    }
  }

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements Json {}

  /** {@code null}. */
  enum Null implements Json {
    NULL
  }

  /**
   * Reads one value.
   *
   * @throws JsonException with offset and reason if the text is not exactly one value, or is nested
   *     deeper than {@link JsonText#MAX_DEPTH}
   */
  static Json parse(String text) throws JsonException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /** As {@link #parse(String)}, from UTF-8. */
  static Json parse(byte[] utf8) throws JsonException {
    return parse(utf8, 0, utf8.length);
  }

  /** As {@link #parse(byte[])}, from a part of an array. */
  static Json parse(byte[] utf8, int offset, int length) throws JsonException {
    return JsonText.read(utf8, offset, length);
  }

  /** As {@link #parse(byte[])}; nothing instead of an error. */
  static Optional<Json> tryParse(byte[] utf8, int offset, int length) {
    try {
      return Optional.of(parse(utf8, offset, length));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  /** The same value with no part shared. */
  default Json copy() {
    return switch (this) {
      case Obj(Map<String, Json> members) -> {
        Obj copy = new Obj(LinkedHashMap.newLinkedHashMap(members.size()));
        members.forEach((name, value) -> copy.put(name, value.copy()));
        yield copy;
      }
      case Arr(List<Json> values) -> {
        Arr copy = new Arr(new ArrayList<>(values.size()));
        values.forEach(value -> copy.add(value.copy()));
        yield copy;
      }
      case Str _, Num _, Bool _, Null _ -> this;
    };
  }

  /** The value as JSON on one line, without blanks. */
  default String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** As {@link #text()}, in UTF-8. */
  default byte[] bytes() {
    return JsonText.utf8(this);
  }
}
