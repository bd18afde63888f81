package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.session.Track;

/** Reads SFTP as it passes. */
record SftpTap(Track track) implements Tap {
  @Override
  public void output(Bytes data) {}

  @Override
  public void error(Bytes data) {}

  @Override
  public void input(Bytes data, boolean hidden) {}

  @Override
  public void end() {}
}
