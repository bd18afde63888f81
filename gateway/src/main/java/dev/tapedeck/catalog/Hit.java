package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * A place where what was looked for stands.
 *
 * @param millis when, after the session's start: of a terminal when the line that has it was
 *     complete, of an exchange when that began in which it was first said
 * @param kind {@code terminal}, {@code file}, or as {@link dev.tapedeck.formats.llm.Part.Kind}, in
 *     lower case
 * @param role who said it; null for terminals and files
 * @param name of the tool that was called; {@code upload}, {@code download}, {@code rename}, ... of
 *     a file; else mostly null
 * @param exchange the number of the exchange; null for terminals and files
 * @param context some words around it, of a file all that is known, each word that was looked for
 *     between {@link #BEGIN} and {@link #END}; may have line breaks and anything else that was
 *     recorded
 * @param score how well it fits: the lower the better
 */
public record Hit(
    SessionId session,
    String track,
    long millis,
    String kind,
    @Nullable String role,
    @Nullable String name,
    @Nullable Long exchange,
    String context,
    double score) {

  public static final char BEGIN = '\u0002';
  public static final char END = '\u0003';

  /** The kind of what a terminal showed. */
  public static final String TERMINAL = "terminal";

  /** The kind of what was done to a file by SFTP or SCP; what that was is the hit's name. */
  public static final String FILE = "file";
}
