package dev.tapedeck.sandbox;

/**
 * One thing that an engine can or cannot do on this machine.
 *
 * @param subject what it is about, in a word or two: {@code user namespaces}
 * @param detail one sentence: what is there, or what is missing and how to get it
 */
public record Finding(Level level, String subject, String detail) {

  /** How good the news is. */
  public enum Level {
    /** There, as wanted. */
    GOOD,
    /** Works with something less. */
    LESSER,
    /** The engine cannot work without it. */
    MISSING
  }
}
