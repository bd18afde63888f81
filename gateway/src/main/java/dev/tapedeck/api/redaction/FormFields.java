package dev.tapedeck.api.redaction;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes credentials out of a form of a query's kind ({@code application/x-www-form-urlencoded})
 * while it passes.
 *
 * <pre>
 *   NAME --=--> VALUE --&amp;--> NAME
 *       \--=--> SECRET --&amp;--> NAME   nothing of it is passed on
 * </pre>
 *
 * <p>A body that has no name and no equals sign where a form has them is none, and passes as it is.
 * For one thread.
 */
final class FormFields implements FieldRedaction {

  private enum State {
    NAME,
    VALUE,
    SECRET,
    /** It is no form. */
    OTHER
  }

  private final SecretNames names;
  private final Consumer<String> found;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private State state = State.NAME;
  private boolean altered;

  /**
   * @param found told what was taken out
   */
  FormFields(SecretNames names, Consumer<String> found) {
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
      boolean secret = state == State.SECRET;
      if (secret && !ends(bytes[at])) {
        if (out == null) {
          out = new ByteArrayOutputStream(length);
        }
        out.write(bytes, from, at - from);
        from = at + 1;
        altered = true;
      } else if (secret && text.size() > 0) {
        if (out == null) {
          out = new ByteArrayOutputStream(length);
        }
        out.writeBytes(mark());
      }
      take(bytes[at]);
    }
    if (out == null) {
      return null;
    }
    out.write(bytes, from, to - from);
    return out.toByteArray();
  }

  private static boolean ends(byte each) {
    return each == '&' || each == '\r' || each == '\n';
  }

  private void take(byte each) {
    switch (state) {
      case NAME -> {
        if (each == '=') {
          boolean secret =
              names.is(AddressRedaction.decoded(text.toString(StandardCharsets.UTF_8)));
          state = secret ? State.SECRET : State.VALUE;
          text.reset();
        } else if (each == '&') {
          text.reset();
        } else if (isOfName(each) && text.size() < MAX_NAME_BYTES) {
          text.write(each);
        } else {
          state = State.OTHER;
        }
      }
      case VALUE, SECRET -> {
        if (each == '&') {
          state = State.NAME;
          text.reset();
        } else if (state == State.SECRET && !ends(each) && text.size() < MAX_VALUE_BYTES) {
          text.write(each);
        } else if (state == State.SECRET && ends(each)) {
          // A line's end is no part of a form: what follows is not its value.
          state = State.VALUE;
          text.reset();
        }
      }
      case OTHER -> {}
    }
  }

  /** Whether a form's name may hold it; clients escape what they must, and some no brackets. */
  private static boolean isOfName(byte each) {
    return each > ' ' && "\"'<>{}\\".indexOf(each) < 0;
  }

  @Override
  public byte[] end() {
    if (state != State.SECRET || text.size() == 0) {
      return new byte[0];
    }
    state = State.OTHER;
    return mark();
  }

  private byte[] mark() {
    String raw = text.toString(StandardCharsets.UTF_8);
    String plain = AddressRedaction.decoded(raw);
    found.accept(raw);
    HeaderRedaction.parts(plain, found);
    return RedactionMark.mark(plain).getBytes(StandardCharsets.UTF_8);
  }
}
