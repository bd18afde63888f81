package dev.tapedeck.ssh.files;

/** What the source of an SCP conversation waits for an answer to. */
enum ScpQuestion {
  START,
  TIMES,
  FILE,
  DIRECTORY,
  LEAVE,
  DONE
}
