package dev.tapedeck.event;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened on a track.
 *
 * <p>Every track begins with one {@link TrackOpened} and ends with one {@link TrackClosed},
 * whatever way its session ends; nothing comes before the one or after the other.
 */
public sealed interface Event
    permits Event.TrackOpened,
        Event.Output,
        Event.ErrorOutput,
        Event.Input,
        Event.HiddenInput,
        Event.Resized,
        Event.Marker,
        Event.FileOperation,
        Event.TrackClosed,
        HttpEvent {

  /**
   * A track begins.
   *
   * @param command the command line of an exec; null for a login shell
   * @param terminal the terminal's size when it is known, before the first output; null where there
   *     is no terminal
   * @param environment what may be recorded of the program's environment (never the client's whole
   *     environment)
   */
  record TrackOpened(
      Instant time,
      @Nullable String command,
      @Nullable TerminalSize terminal,
      Map<String, String> environment)
      implements Event {}

  /** The program wrote to its terminal or to standard output. */
  record Output(Bytes data) implements Event {}

  /** The program wrote to standard error, apart from standard output; never on a terminal. */
  record ErrorOutput(Bytes data) implements Event {}

  /** The client typed, or sent to standard input. */
  record Input(Bytes data) implements Event {}

  /**
   * The client typed at a prompt that shows nothing.
   *
   * @param count how many bytes; which ones is not known here, nor anywhere else
   */
  record HiddenInput(int count) implements Event {}

  /** The terminal has a new size, from the moment at which it was applied. */
  record Resized(TerminalSize size) implements Event {}

  /** Something that a person who plays the recording should see. */
  record Marker(String label) implements Event {}

  /**
   * One operation on files, by SFTP or SCP, complete.
   *
   * @param operation what was done: {@code read}, {@code write}, {@code remove}, {@code rename},
   *     {@code mkdir}, ...; {@code unreadable} for bytes that passed and made no sense
   * @param path the path that the client named; with SCP the path below {@code target}; for {@code
   *     unreadable} which side sent the bytes, {@code from client} or {@code from server}
   * @param target the second path of a rename, link or copy; with SCP the path on the command line;
   *     else null
   * @param bytes how many bytes were moved; 0 for operations that move none
   * @param sha256 of those bytes, in hex, where they were moved in order from the beginning, else
   *     null
   * @param error what the server answered when it refused, or what else went wrong, else null
   * @param mode the permission bits that were asked for or announced, 0 to 07777; null where none
   *     were
   */
  record FileOperation(
      String operation,
      String path,
      @Nullable String target,
      long bytes,
      @Nullable String sha256,
      @Nullable String error,
      @Nullable Integer mode)
      implements Event {

    /** One that says nothing of permissions. */
    public FileOperation(
        String operation,
        String path,
        @Nullable String target,
        long bytes,
        @Nullable String sha256,
        @Nullable String error) {
      this(operation, path, target, bytes, sha256, error, null);
    }
  }

  /** The track ends. */
  record TrackClosed(ExitStatus status) implements Event {}

  /** How many bytes it carried; 0 for events that are about something else. */
  default long carried() {
    return switch (this) {
      case Output output -> output.data().length();
      case ErrorOutput output -> output.data().length();
      case Input input -> input.data().length();
      case HiddenInput hidden -> hidden.count();
      case FileOperation operation -> operation.bytes();
      case HttpEvent.Body body -> body.data().length();
      case HttpEvent.Missing missing -> missing.bytes();
      case TrackOpened _, Resized _, Marker _, TrackClosed _, HttpEvent _ -> 0;
    };
  }

  /** The same with bytes of its own, to be kept longer than the call that it came with. */
  default Event copy() {
    return switch (this) {
      case Output output -> new Output(output.data().copy());
      case ErrorOutput output -> new ErrorOutput(output.data().copy());
      case Input input -> new Input(input.data().copy());
      case HttpEvent.Body body ->
          new HttpEvent.Body(body.exchange(), body.side(), body.data().copy(), body.plain());
      case TrackOpened _,
          HiddenInput _,
          Resized _,
          Marker _,
          FileOperation _,
          TrackClosed _,
          HttpEvent _ ->
          this;
    };
  }
}
