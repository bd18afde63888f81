package dev.tapedeck.event;

import java.util.Locale;

/** What a track is a recording of. The lower-case name begins the track's name: {@code shell-1}. */
public enum TrackType {
  /** A login shell, mostly with a terminal. */
  SHELL,
  /** One command, with or without a terminal. */
  EXEC,
  /** SFTP or SCP: operations on files. */
  FILES,
  /** HTTP exchanges with model APIs; a session has at most one such track. */
  API;

  /**
   * The name that scripts see: in file names, in {@code session.json}, in {@code --json} output.
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
