package dev.tapedeck.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests of one kind, as somebody writes them down: {@code POST /v1/files/*}.
 *
 * @param method its method, or {@code *}
 * @param path its path; {@code *} stands for one part of it, {@code **} at the end for any rest
 */
public record PathRule(String method, String path) {

  /** What is allowed, for people. */
  public static final String ALLOWED =
      "METHOD /PATH, as in POST /v1/files or GET /v1/files/*; ** at the end for any rest";

  private static final Pattern LINE =
      Pattern.compile("([A-Z]+|\\*) +((?:/(?:[\\w.~@+:-]+|\\*))+(?:/\\*\\*)?|/\\*\\*)");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static PathRule parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("must be " + ALLOWED + " (got \"" + line + "\")");
    }
    return new PathRule(parts.group(1), parts.group(2));
  }

  /**
   * Whether a request is of this kind.
   *
   * @param asked its path, without a query
   */
  boolean matches(String asking, String asked) {
    if (!method.equals("*") && !method.equals(asking)) {
      return false;
    }
    String rest = "/**";
    boolean open = path.endsWith(rest);
    String[] parts =
        (open ? path.substring(0, path.length() - rest.length()) : path).split("/", -1);
    String[] given = asked.split("/", -1);
    if (open ? given.length <= parts.length : given.length != parts.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      boolean any = parts[i].equals("*") && !given[i].isEmpty();
      if (!any && !parts[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }
}
