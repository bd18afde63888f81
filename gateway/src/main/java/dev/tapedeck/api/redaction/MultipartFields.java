package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes credentials out of a multipart body (RFC 7578) while it passes: the contents of parts whose
 * names tell of one. The body's first line says what divides the parts.
 *
 * <pre>
 *   LIMIT --line--> HEAD --blank line--> CONTENT --limit--> HEAD
 *                       \--blank line--> SECRET  --limit--> HEAD   nothing of it is passed on
 * </pre>
 *
 * <p>For one thread.
 */
final class MultipartFields implements FieldRedaction {

  /** RFC 2046 allows 70 characters; longer is no limit. */
  private static final int MAX_LIMIT_BYTES = 256;

  private static final int MAX_HEAD_BYTES = 8 * 1024;

  private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=(?:\"([^\"]*)\"|([^;\\s]+))");

  private enum State {
    LIMIT,
    HEAD,
    CONTENT,
    SECRET,
    /** It is no multipart body, or its end has come. */
    OTHER
  }

  private final SecretNames names;
  private final Consumer<String> found;

  /** The first line, a head, or a secret with what may be the limit after it. */
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  private State state = State.LIMIT;
  private byte[] limit = {};

  /** How much of the limit the last bytes are. */
  private int matched;

  /** How many bytes the line has so far, in a head. */
  private int line;

  /** Whether the limit's first byte is the end of the head. */
  private boolean empty;

  /** Whether a carriage return stands before it. */
  private boolean carriage;

  private byte before;

  /** Whether not all of the secret is in {@link #text}. */
  private boolean tooLong;

  private boolean altered;

  /**
   * @param found told what was taken out
   */
  MultipartFields(SecretNames names, Consumer<String> found) {
    this.names = names;
    this.found = found;
  }

  @Override
  public boolean altered() {
    return altered;
  }

  @Override
  public byte @Nullable [] clean(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream out = null;
    int from = offset;
    int to = offset + length;
    for (int at = offset; at < to && state != State.OTHER; at++) {
      byte each = bytes[at];
      if (state != State.SECRET) {
        take(each);
        continue;
      }
      if (out == null) {
        out = new ByteArrayOutputStream(length);
      }
      out.write(bytes, from, at - from);
      from = at + 1;
      altered = true;
      if (text.size() < MAX_VALUE_BYTES + limit.length) {
        text.write(each);
      } else {
        tooLong = true;
      }
      if (isLimit(each)) {
        out.writeBytes(secret(true));
        head();
      }
    }
    if (out == null) {
      return null;
    }
    out.write(bytes, from, to - from);
    return out.toByteArray();
  }

  private void take(byte each) {
    switch (state) {
      case LIMIT -> {
        if (each == '\n') {
          limit = ("\n" + text.toString(UTF_8).strip()).getBytes(UTF_8);
          head();
        } else if (text.size() < MAX_LIMIT_BYTES) {
          text.write(each);
        } else {
          state = State.OTHER;
        }
      }
      case HEAD -> header(each);
      case CONTENT -> {
        if (isLimit(each)) {
          head();
        }
      }
      case SECRET, OTHER -> {}
    }
  }

  private void head() {
    state = State.HEAD;
    text.reset();
    matched = 0;
    // What follows the limit on its line is not the blank line.
    line = 1;
  }

  private void header(byte each) {
    if (text.size() >= MAX_HEAD_BYTES) {
      state = State.OTHER;
      return;
    }
    text.write(each);
    if (each != '\n') {
      line += each == '\r' ? 0 : 1;
      return;
    }
    if (line == 0) {
      Matcher name = NAME.matcher(text.toString(UTF_8));
      boolean named = name.find();
      String quoted = named ? name.group(1) : "";
      boolean secret = named && names.is(quoted == null ? name.group(2) : quoted);
      state = secret ? State.SECRET : State.CONTENT;
      text.reset();
      // An empty part's limit follows at once.
      matched = 1;
      empty = true;
      carriage = false;
      tooLong = false;
    }
    line = 0;
  }

  /** Whether the limit ends here. Its first byte comes in it but once. */
  private boolean isLimit(byte each) {
    boolean goesOn = each == limit[matched];
    matched = goesOn ? matched + 1 : each == '\n' ? 1 : 0;
    empty &= goesOn;
    if (matched == 1) {
      carriage = before == '\r';
    }
    before = each;
    return matched == limit.length;
  }

  @Override
  public byte[] end() {
    if (state != State.SECRET) {
      return new byte[0];
    }
    state = State.OTHER;
    return secret(false);
  }

  /** What stands for a secret, and behind it the limit if that has come. */
  private byte[] secret(boolean limited) {
    byte[] all = text.toByteArray();
    int begun = empty ? 1 : 0;
    int end = all.length;
    if (tooLong) {
      end = MAX_VALUE_BYTES;
    } else if (limited) {
      end -= limit.length - begun + (carriage ? 1 : 0);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (end > 0) {
      String value = new String(all, 0, end, UTF_8);
      HeaderRedaction.parts(value, found);
      out.writeBytes(RedactionMark.mark(value).getBytes(UTF_8));
    }
    if (limited) {
      out.writeBytes((carriage ? "\r" : "").getBytes(UTF_8));
      out.writeBytes(Arrays.copyOfRange(limit, begun, limit.length));
    }
    return out.toByteArray();
  }
}
