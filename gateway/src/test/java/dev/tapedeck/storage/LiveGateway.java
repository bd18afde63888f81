package dev.tapedeck.storage;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** A gateway in a process of its own: begins a session, writes half a line, and waits. */
public final class LiveGateway {

  private LiveGateway() {}

  /** Arguments: the root, the session's id. Prints {@code ready}; ends with its input. */
  public static void main(String[] arguments) throws IOException {
    SessionFolder folder =
        new RecordingStore(Path.of(arguments[0]))
            .create(SessionId.parse(arguments[1]), Instant.now());
    byte[] text = "[0.1, \"o\", \"whole\"]\n[0.2, \"o\", \"ha".getBytes(StandardCharsets.UTF_8);
    folder.open("shell-1.cast").append(text, 0, text.length);
    folder.writeWhole("session.json", "{}".getBytes(StandardCharsets.UTF_8));
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Lines from the test mean nothing: it waits to be killed.
    }
  }
}
