package dev.tapedeck.formats.llm;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was said in a conversation. Two that are equal are the same thing said again: an
 * agent sends its whole history each time.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}, or what else the API
 *     calls it
 * @param kind what it is
 * @param text what there is to read: of a call its input, as JSON; of an image or document what it
 *     is, not its bytes
 * @param name of the tool that is called, of an error its type, of what is of no other kind its
 *     type; null if there is none
 * @param id what ties a call and its result together; null if there is none
 */
public record Part(
    String role, Kind kind, String text, @Nullable String name, @Nullable String id) {

  /** What a part is. */
  public enum Kind {
    SYSTEM,
    TEXT,
    THINKING,
    TOOL_CALL,
    TOOL_RESULT,
    /** The result of a tool that failed. */
    TOOL_ERROR,
    IMAGE,
    DOCUMENT,
    REFUSAL,
    /** What the API answered instead of a message, or in the middle of one. */
    ERROR,
    OTHER
  }
}
