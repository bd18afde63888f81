package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.session.Track;
import java.io.IOException;

/** Records a shell or a command: everything, just as it passes. */
record StreamTap(Track track) implements Tap {

  @Override
  public void output(Bytes data) throws IOException {
    track.emit(new Event.Output(data));
  }

  @Override
  public void error(Bytes data) throws IOException {
    track.emit(new Event.ErrorOutput(data));
  }

  @Override
  public void input(Bytes data, boolean hidden) throws IOException {
    track.emit(hidden ? new Event.HiddenInput(data.length()) : new Event.Input(data));
  }

  @Override
  public void end() {
    // Nothing is held back.
  }
}
