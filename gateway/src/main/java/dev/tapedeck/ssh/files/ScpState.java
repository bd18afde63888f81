package dev.tapedeck.ssh.files;

/** Where an SCP conversation stands, on the side of the source. */
enum ScpState {
  WAITING,
  LINE,
  DATA,
  STATUS,
  OVER
}
