package dev.tapedeck.cli.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. The message has one line for each problem. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1;

  public ConfigException(String message) {
    super(message);
  }

  ConfigException(List<Problem> problems) {
    super(problems.stream().sorted().map(Problem::toString).collect(Collectors.joining("\n")));
  }

  /**
   * One thing that is wrong.
   *
   * @param line from 1
   * @param column from 1
   */
  record Problem(String file, int line, int column, String sentence)
      implements Comparable<Problem> {

    @Override
    public int compareTo(Problem other) {
      return line != other.line
          ? Integer.compare(line, other.line)
          : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
      return file + ":" + line + ":" + column + ": " + sentence;
    }
  }
}
