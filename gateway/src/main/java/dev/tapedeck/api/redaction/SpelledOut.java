package dev.tapedeck.api.redaction;

import dev.tapedeck.api.redaction.SecretSearch.Match;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of a stream of events that spells them out: a part in one event, the next part
 * in the next. Each place of a JSON text, such as {@code delta.text} of the block with index 0, is
 * a voice, and what a voice says is searched as one text.
 *
 * <pre>
 *   feed --whole line--> searched --may be a secret's beginning--> held --it is none--> handed on
 *                            \------------------ else --------------------------------/
 * </pre>
 *
 * <p>Works on the stream as it was before its content coding. For one thread.
 */
final class SpelledOut {

  /** So many characters that a secret begins with may be handed on before more is known. */
  private static final int MIN_HELD_BYTES = 4;

  /** When more is held, it goes on. */
  private static final int MAX_HELD_BYTES = 1 << 20;

  /** A longer line is no event's part: it goes on as it is. */
  private static final int MAX_LINE_BYTES = 256 * 1024;

  /** When more places are waited for, none is any more. */
  private static final int MAX_VOICES = 1000;

  private static final byte[] DATA = "data:".getBytes(StandardCharsets.UTF_8);

  private final Supplier<SecretSearch> secrets;
  private final ByteArrayOutputStream to;
  private final Deque<Line> lines = new ArrayDeque<>();
  private final Map<String, Voice> voices = new HashMap<>();
  private int heldBytes;

  /** The line that is not whole yet, and how much of it has been handed on. */
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  private int restGone;
  private boolean tooLong;
  private boolean altered;

  /** A line that is whole and not handed on, or not in all. */
  private static final class Line {
    final byte[] text;
    final List<Edit> edits = new ArrayList<>();
    int gone;

    Line(byte[] text, int gone) {
      this.text = text;
      this.gone = gone;
    }
  }

  /** What stands in the place of some bytes of a line. */
  private record Edit(int from, int to, String with) {}

  /** A part of what a voice said: {@code value} from {@code from} on. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Part(Line line, int begin, byte[] value, int from) {

    int length() {
      return value.length - from;
    }

    Part without(int bytes) {
      return new Part(line, begin, value, from + bytes);
    }
  }

  /** The end of what was said in one place: what may be the beginning of a secret. */
  private static final class Voice {
    final List<Part> parts = new ArrayList<>();

    byte[] text() {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      parts.forEach(part -> text.write(part.value, part.from, part.length()));
      return text.toByteArray();
    }

    void drop(int bytes) {
      int left = bytes;
      while (left > 0 && !parts.isEmpty()) {
        Part first = parts.getFirst();
        if (first.length() <= left) {
          left -= first.length();
          parts.removeFirst();
        } else {
          parts.set(0, first.without(left));
          left = 0;
        }
      }
    }
  }

  /**
   * @param to where what is without such secrets is appended
   */
  SpelledOut(Supplier<SecretSearch> secrets, ByteArrayOutputStream to) {
    this.secrets = secrets;
    this.to = to;
  }

  void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int begin = free(bytes, offset, end);
    to.write(bytes, offset, begin - offset);
    for (int i = begin; i < end; i++) {
      if (isLineEnd(bytes[i])) {
        rest.write(bytes, begin, i + 1 - begin);
        line();
        begin = free(bytes, i + 1, end);
        to.write(bytes, i + 1, begin - i - 1);
        i = begin - 1;
      }
    }
    rest.write(bytes, begin, end - begin);
    beginning();
  }

  /** Whether all of it may go on as it is: nothing is held, and nothing that it says would be. */
  boolean isFree(byte[] bytes, int from, int to) {
    return from == to || (isLineEnd(bytes[to - 1]) && free(bytes, from, to) == to);
  }

  /** Where the first line begins that has to be looked at, or has no end. */
  private int free(byte[] bytes, int from, int to) {
    if (holds() || !voices.isEmpty() || rest.size() > 0 || tooLong) {
      return from;
    }
    SecretSearch search = secrets.get();
    int begin = from;
    for (int i = from; i < to; i++) {
      if (isLineEnd(bytes[i])) {
        if (isTelling(search, bytes, begin, i + 1)) {
          return begin;
        }
        begin = i + 1;
      }
    }
    return begin;
  }

  private static boolean isLineEnd(byte c) {
    return c == '\n' || c == '\r';
  }

  /** Whether a whole line is the data of an event and may have a secret's beginning in it. */
  private static boolean isTelling(SecretSearch search, byte[] text, int from, int to) {
    return !search.isEmpty() && json(text, from, to) >= 0 && mayBegin(search, text, from, to, 1);
  }

  /** Whether there are bytes that have not been handed on. */
  boolean holds() {
    return !lines.isEmpty() || rest.size() > restGone;
  }

  /** Whether something was taken out; once true, it stays true. */
  boolean altered() {
    return altered;
  }

  /** No more comes: everything goes on, but what a secret has begun with that is long enough. */
  void end() {
    SecretSearch search = secrets.get();
    for (Voice voice : voices.values()) {
      byte[] text = voice.text();
      Match begun = search.begun(text, 0, text.length);
      if (begun != null) {
        takeOut(voice, begun);
      }
    }
    voices.clear();
    handOn(null);
    to.write(rest.toByteArray(), restGone, rest.size() - restGone);
    rest.reset();
    restGone = 0;
  }

  private void line() {
    Line line = new Line(rest.toByteArray(), restGone);
    boolean skip = tooLong;
    rest.reset();
    restGone = 0;
    tooLong = false;
    lines.add(line);
    heldBytes += line.text.length;
    SecretSearch search = secrets.get();
    if (!skip && !search.isEmpty() && json(line.text, 0, line.text.length) >= 0) {
      if (!voices.isEmpty() || mayBegin(search, line.text, 0, line.text.length, 1)) {
        listen(search, line);
      }
    }
    if (heldBytes > MAX_HELD_BYTES || voices.size() > MAX_VOICES) {
      voices.clear();
    }
    handOn(firstHeld());
  }

  /** A line's beginning goes on if nothing in it can be a part of a secret. */
  private void beginning() {
    if (rest.size() == restGone) {
      return;
    }
    SecretSearch search = secrets.get();
    byte[] text = rest.toByteArray();
    tooLong |= text.length > MAX_LINE_BYTES;
    if (tooLong) {
      voices.clear();
      handOn(null);
    }
    boolean free =
        search.isEmpty()
            || tooLong
            || (lines.isEmpty()
                && voices.isEmpty()
                && !mayBegin(search, text, 0, text.length, MIN_HELD_BYTES));
    if (free) {
      to.write(text, restGone, text.length - restGone);
      restGone = text.length;
    }
    if (tooLong) {
      rest.reset();
      restGone = 0;
    }
  }

  /** Where the JSON of a line begins, be it an event's data or the whole line; -1 if nowhere. */
  private static int json(byte[] text, int from, int to) {
    int end = from + DATA.length;
    if (end < to && Arrays.equals(text, from, end, DATA, 0, DATA.length)) {
      return end;
    }
    return from < to && text[from] == '{' ? from : -1;
  }

  /** Whether a string of the text, or what is there of it, ends as a secret may begin. */
  private static boolean mayBegin(SecretSearch search, byte[] text, int from, int to, int bytes) {
    int begin = -1;
    for (int i = from; i < to; i++) {
      if (text[i] == '\\') {
        // An escape may stand for anything.
        if (begin >= 0 && i + 1 < to && text[i + 1] == 'u') {
          return true;
        }
        i++;
      } else if (text[i] == '"') {
        if (begin >= 0 && search.endsLikeABeginning(text, begin, i, bytes)) {
          return true;
        }
        begin = begin >= 0 ? -1 : i + 1;
      }
    }
    return begin >= 0 && search.endsLikeABeginning(text, begin, to, bytes);
  }

  private void listen(SecretSearch search, Line line) {
    int length = line.text.length;
    while (length > 0 && (line.text[length - 1] == '\n' || line.text[length - 1] == '\r')) {
      length--;
    }
    int begin = json(line.text, 0, line.text.length);
    for (JsonStrings.Found found : JsonStrings.of(line.text, begin, length - begin)) {
      if (found.value().length > 0) {
        say(search, found.voice(), new Part(line, found.begin(), found.value(), 0));
      }
    }
  }

  private void say(SecretSearch search, String name, Part part) {
    Voice voice = voices.computeIfAbsent(name, _ -> new Voice());
    voice.parts.add(part);
    byte[] text = voice.text();
    Match match;
    while ((match = search.first(text, 0, text.length)) != null) {
      takeOut(voice, match);
      voice.drop(match.to());
      text = voice.text();
    }
    voice.drop(search.unsure(text, 0, text.length));
    if (voice.parts.isEmpty()) {
      voices.remove(name);
    }
  }

  /** The mark goes where the secret begins, or where it goes on if that has been handed on. */
  private void takeOut(Voice voice, Match match) {
    String mark = match.mark();
    int at = 0;
    for (Part part : voice.parts) {
      int from = Math.max(match.from(), at) - at + part.from;
      int end = Math.min(match.to(), at + part.length()) - at + part.from;
      at += part.length();
      if (from < end) {
        byte[] text = part.line.text;
        int place = JsonStrings.place(text, part.begin, from);
        int behind = JsonStrings.place(text, part.begin, end);
        int begin = Math.max(place, part.line.gone);
        if (begin < behind) {
          part.line.edits.add(new Edit(begin, behind, mark));
          mark = "";
          altered = true;
        }
      }
    }
  }

  /** The first line in which something begins that may be a secret; null if there is none. */
  private @Nullable Line firstHeld() {
    List<Line> held = new ArrayList<>();
    for (Voice voice : voices.values()) {
      if (voice.text().length >= MIN_HELD_BYTES) {
        voice.parts.forEach(part -> held.add(part.line));
      }
    }
    for (Line line : lines) {
      if (held.contains(line)) {
        return line;
      }
    }
    return null;
  }

  /** Hands on the lines before that one; all if it is null. */
  private void handOn(@Nullable Line until) {
    while (!lines.isEmpty() && lines.getFirst() != until) {
      Line line = lines.removeFirst();
      heldBytes -= line.text.length;
      line.edits.sort(Comparator.comparingInt(Edit::from));
      int at = line.gone;
      for (Edit edit : line.edits) {
        to.write(line.text, at, edit.from - at);
        to.writeBytes(edit.with.getBytes(StandardCharsets.UTF_8));
        at = edit.to;
      }
      to.write(line.text, at, line.text.length - at);
      line.gone = line.text.length;
    }
  }
}
