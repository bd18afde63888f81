package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.sandbox.SandboxProcess;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way into a program. One that has closed its input does not stop the client from sending. */
final class ProgramInput {

  private static final Logger LOG = LoggerFactory.getLogger(ProgramInput.class);

  private final SandboxProcess running;
  private final SessionChannel channel;
  private boolean broken;

  ProgramInput(SandboxProcess running, SessionChannel channel) {
    this.running = running;
    this.channel = channel;
  }

  void write(Bytes chunk) throws IOException {
    if (!broken) {
      try {
        running.input().write(chunk.array(), chunk.offset(), chunk.length());
        running.input().flush();
      } catch (IOException e) {
        broken = true;
        LOG.debug("{}: the program takes no more input: {}", channel, e.toString());
      }
    }
    channel.taken(chunk.length());
  }

  void close() {
    try {
      running.input().close();
    } catch (IOException e) {
      LOG.debug("{}: input closed badly: {}", channel, e.toString());
    }
  }
}
