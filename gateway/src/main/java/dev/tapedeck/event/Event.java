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
public sealed interface Event {

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
   *     {@code mkdir}, ...
   * @param path the path that the client named
   * @param target the second path of a rename or link, else null
   * @param bytes how many bytes were moved; 0 for operations that move none
   * @param sha256 of those bytes, in hex, where they were moved in order from the beginning, else
   *     null
   * @param error what the server answered when it refused, else null
   */
  record FileOperation(
      String operation,
      String path,
      @Nullable String target,
      long bytes,
      @Nullable String sha256,
      @Nullable String error)
      implements Event {}

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
      case TrackOpened _, Resized _, Marker _, TrackClosed _ -> 0;
    };
  }

  /** The same with bytes of its own, to be kept longer than the call that it came with. */
  default Event copy() {
    return switch (this) {
      case Output output -> new Output(output.data().copy());
      case ErrorOutput output -> new ErrorOutput(output.data().copy());
      case Input input -> new Input(input.data().copy());
      case TrackOpened _, HiddenInput _, Resized _, Marker _, FileOperation _, TrackClosed _ ->
          this;
    };
  }
}
