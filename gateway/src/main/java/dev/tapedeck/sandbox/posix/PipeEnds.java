package dev.tapedeck.sandbox.posix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The pipes of a child that is being started: closes, at the end, the child's ends always, and the
 * gateway's too unless the start succeeded.
 */
final class PipeEnds implements AutoCloseable {

  private final Set<Integer> open = new LinkedHashSet<>();
  private final List<Descriptor> taken = new ArrayList<>();
  private boolean kept;

  Pipe open() throws IOException {
    Pipe pipe = Pipe.open();
    open.add(pipe.reading());
    open.add(pipe.writing());
    return pipe;
  }

  /** The gateway's end of a pipe. */
  Descriptor take(int end) throws IOException {
    open.remove(end);
    Descriptor descriptor = Descriptor.own(end);
    taken.add(descriptor);
    return descriptor;
  }

  void keepTaken() {
    kept = true;
  }

  @Override
  public void close() {
    open.forEach(Libc::close);
    if (!kept) {
      taken.forEach(Descriptor::close);
    }
  }
}
