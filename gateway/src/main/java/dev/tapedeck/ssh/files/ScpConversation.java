package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * SCP, the protocol of rcp, read as it passes (no standard describes it; this follows what
 * OpenSSH's scp.c sends and takes). The source sends lines and data, the sink an answer to each;
 * with {@code -t} the client is the source, with {@code -f} the program.
 *
 * <pre>
 *            answer             T, C, D, E line              answer to T, D, E
 *   START -----------> LINE ----------------------> WAITING ------------------> LINE
 *                       |                              | fine, after C
 *                       | \1 message: recorded         v
 *                       +----> LINE                   DATA --size bytes--> STATUS --\0 or \1 message--> WAITING
 *                                                                                                        | answer
 *   E at the top, \2 message, nonsense: OVER                     LINE &lt;--the file is recorded------------+
 * </pre>
 *
 * <p>Whether data follows a C line depends on the answer, so what a source sends before it has one
 * is held back from reading (never from passing), up to {@link #MAX_HELD_BYTES}; a file's data
 * beyond that is taken for granted. What comes after the end, and what makes no sense, is {@link
 * Unread}, from both sides.
 *
 * <p>What a person is told: {@code write} or {@code read} for each file, {@code mkdir} or {@code
 * list} for each directory. The path is made of the names in the C and D lines, below {@code
 * target}, the path of the command line; which of the two names the file got at the sink depends on
 * whether the target is a directory there. Times are not recorded.
 */
public final class ScpConversation implements TransferConversation {

  /** How much a source may be ahead of its answers. */
  static final int MAX_HELD_BYTES = 256 * 1024;

  /** How many answers a sink may be ahead of its questions. */
  static final int MAX_EARLY_ANSWERS = 8 * 1024;

  /** How long a path may grow; the system's calls end at 4096 bytes. */
  static final int MAX_PATH_CHARS = 16 * 1024;

  private final boolean sink;
  private final String target;
  private final Unexplained unread = new Unexplained();
  private final UnparsedBytes unreadOfSource;
  private final UnparsedBytes unreadOfSink;
  private final LineReader lines = new LineReader();
  private final AnswerReader verdicts = new AnswerReader();
  private final AnswerReader answers = new AnswerReader();
  private final Deque<ScpAnswer> early = new ArrayDeque<>();
  private final Deque<String> directories = new ArrayDeque<>();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private List<FileOperation> done = new ArrayList<>();

  private ScpState state = ScpState.WAITING;
  private ScpQuestion question = ScpQuestion.START;
  private String over = "after the end of the transfer";
  private @Nullable ScpFile entry;

  /** The data of a file is being read although nobody has said yet that it is wanted. */
  private boolean unasked;

  private long understood;

  public ScpConversation(ScpCommand command) {
    sink = command.sink();
    target = command.target();
    unreadOfSource = sink ? unread.client : unread.server;
    unreadOfSink = sink ? unread.server : unread.client;
  }

  @Override
  public List<FileOperation> fromClient(Bytes data) {
    return feed(sink, data);
  }

  @Override
  public List<FileOperation> fromServer(Bytes data) {
    return feed(!sink, data);
  }

  @Override
  public List<FileOperation> end() {
    cutOff();
    if (state != ScpState.OVER) {
      finish("cut off");
    }
    List<FileOperation> operations = takeDone();
    operations.addAll(unread.operations(unreadOfSource, unreadOfSink));
    return operations;
  }

  @Override
  public List<Event> unexplained() {
    return unread.take();
  }

  /** How many bytes of both sides made sense. */
  long understood() {
    return understood;
  }

  private List<FileOperation> feed(boolean fromSource, Bytes data) {
    if (fromSource) {
      source(data.array(), data.offset(), data.length());
    } else {
      answers(data.array(), data.offset(), data.length());
    }
    return done.isEmpty() ? List.of() : takeDone();
  }

  private List<FileOperation> takeDone() {
    List<FileOperation> taken = done;
    done = new ArrayList<>();
    return taken;
  }

  private void source(byte[] array, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      at +=
          switch (state) {
            case WAITING -> hold(array, at, end - at);
            case LINE -> line(array, at, end - at);
            case DATA -> data(array, at, end - at);
            case STATUS -> status(array, at, end - at);
            case OVER -> {
              unreadOfSource.add(array, at, end - at, over);
              yield end - at;
            }
          };
    }
  }

  private int hold(byte[] array, int at, int length) {
    int count = Math.min(length, MAX_HELD_BYTES - held.size());
    held.write(array, at, count);
    if (count < length) {
      if (question == ScpQuestion.FILE && !unasked) {
        unasked = true;
        apply(ScpAnswer.FINE);
        readHeld();
      } else {
        nonsense(MAX_HELD_BYTES + " bytes without waiting for an answer");
      }
    }
    return count;
  }

  /** Reads what was held back, as far as that goes without another answer. */
  private void readHeld() {
    while (held.size() > 0 && state != ScpState.WAITING) {
      byte[] ready = held.toByteArray();
      held.reset();
      source(ready, 0, ready.length);
    }
  }

  private int line(byte[] array, int at, int length) {
    int count = lines.take(array, at, length);
    if (lines.isTooLong()) {
      nonsense(LineReader.TOO_LONG);
    } else if (lines.isComplete()) {
      line(lines.next());
    }
    return count;
  }

  private void line(byte[] line) {
    byte[] words = Arrays.copyOf(line, line.length - 1);
    switch (words.length == 0 ? 0 : words[0]) {
      case 1, 2 -> message(ScpAnswer.of(words));
      case 'E' -> ask(ScpQuestion.LEAVE);
      case 'T' -> ask(ScpQuestion.TIMES);
      case 'C', 'D' -> {
        if (!ScpEntry.parse(words).map(this::entry).orElse(false)) {
          nonsenseLine(line);
          return;
        }
      }
      default -> {
        nonsenseLine(line);
        return;
      }
    }
    understood += line.length;
  }

  /** What the source has to say, in place of a file that it could not read for instance. */
  private void message(ScpAnswer answer) {
    done.add(
        new FileOperation(sink ? "write" : "read", directory(), target, 0, null, answer.error()));
    if (answer.last()) {
      finish("after the source gave up");
    }
  }

  /** A file or a directory; false if its path is too long. */
  private boolean entry(ScpEntry line) {
    String path = directory() + line.name();
    if (path.length() > MAX_PATH_CHARS) {
      return false;
    }
    if (line.file()) {
      entry = new ScpFile(sink ? "write" : "read", path, target, line.mode(), line.size());
      ask(ScpQuestion.FILE);
    } else {
      entry = new ScpFile(sink ? "mkdir" : "list", path, target, line.mode(), 0);
      directories.addLast(path + "/");
      ask(ScpQuestion.DIRECTORY);
    }
    return true;
  }

  private String directory() {
    String last = directories.peekLast();
    return last == null ? "" : last;
  }

  private int data(byte[] array, int at, int length) {
    ScpFile file = Objects.requireNonNull(entry);
    int count = (int) Math.min(length, file.left());
    file.moved(array, at, count);
    understood += count;
    if (file.left() == 0) {
      state = ScpState.STATUS;
    }
    return count;
  }

  private int status(byte[] array, int at, int length) {
    int count = verdicts.take(array, at, length);
    ScpAnswer verdict = verdicts.poll();
    if (verdicts.isTooLong()) {
      nonsense(LineReader.TOO_LONG);
    } else if (verdict != null) {
      understood += verdicts.answerBytes();
      Objects.requireNonNull(entry).failed(verdict.error());
      ask(ScpQuestion.DONE);
    }
    return count;
  }

  private void ask(ScpQuestion next) {
    question = next;
    state = ScpState.WAITING;
    ScpAnswer answer = early.pollFirst();
    if (answer != null) {
      answer(answer);
    }
  }

  private void answers(byte[] array, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (state == ScpState.OVER) {
        unreadOfSink.add(array, at, end - at, over);
        return;
      }
      at += answers.take(array, at, end - at);
      ScpAnswer answer = answers.poll();
      if (answers.isTooLong()) {
        nonsense(LineReader.TOO_LONG);
      } else if (answer != null) {
        understood += answers.answerBytes();
        heard(answer);
      }
    }
  }

  private void heard(ScpAnswer answer) {
    if (state == ScpState.WAITING || unasked) {
      answer(answer);
      readHeld();
    } else if (!sink && early.size() < MAX_EARLY_ANSWERS) {
      early.add(answer);
    } else if (sink && answer.error() != null) {
      // The program reports something of its own accord, as it does for times it cannot set.
      done.add(new FileOperation("write", directory(), target, 0, null, answer.error()));
    } else {
      nonsense("an answer to nothing");
    }
  }

  private void answer(ScpAnswer answer) {
    if (unasked) {
      unasked = false;
      if (answer.error() != null) {
        Objects.requireNonNull(entry).failed(answer.error());
        nonsense("what follows a file that was refused after it had been sent");
      }
      return;
    }
    apply(answer);
    if (answer.last()) {
      finish("after the sink gave up");
    }
  }

  private void apply(ScpAnswer answer) {
    String error = answer.error();
    ScpFile current = entry;
    state = ScpState.LINE;
    switch (question) {
      case START -> {
        if (error != null) {
          done.add(new FileOperation(sink ? "write" : "read", "", target, 0, null, error));
        }
      }
      case TIMES -> {
        // A refusal of times is told again with the file.
      }
      case LEAVE -> {
        if (directories.pollLast() == null) {
          finish(over);
        }
      }
      case FILE -> {
        if (error == null && current != null) {
          state = current.left() == 0 ? ScpState.STATUS : ScpState.DATA;
        } else {
          refused(error);
        }
      }
      case DIRECTORY -> {
        refused(error);
        if (error != null) {
          directories.pollLast();
        }
      }
      case DONE -> {
        if (current != null) {
          current.failed(error);
          done.add(current.done());
          entry = null;
        }
      }
    }
  }

  /** Reports an entry of which no data was moved: a refused file, or a directory. */
  private void refused(@Nullable String error) {
    if (entry != null) {
      done.add(entry.refused(error));
      entry = null;
    }
  }

  /** A line that cannot be understood is unread itself, and everything after it. */
  private void nonsenseLine(byte[] line) {
    String why = "a line that is not SCP's";
    unreadOfSource.add(line, why);
    nonsense(why);
  }

  private void nonsense(String why) {
    cutOff();
    finish(why);
  }

  /** Reports what is under way. */
  private void cutOff() {
    if (entry == null) {
      return;
    }
    boolean waiting = state == ScpState.WAITING;
    if (waiting && (question == ScpQuestion.FILE || question == ScpQuestion.DIRECTORY)) {
      refused("not answered");
    } else if (waiting && question == ScpQuestion.DONE) {
      entry.failed("not answered");
      done.add(entry.done());
    } else {
      done.add(entry.cutOff());
    }
    entry = null;
  }

  /** Nothing is made of what comes from now on, nor of what is half there. */
  private void finish(String why) {
    state = ScpState.OVER;
    over = why;
    unreadOfSource.add(lines.next(), why);
    unreadOfSource.add(verdicts.half(), why);
    unreadOfSource.add(held.toByteArray(), why);
    held.reset();
    unreadOfSink.add(answers.half(), why);
  }
}
