package dev.tapedeck.clients;

import dev.tapedeck.cli.Main;
import dev.tapedeck.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;

/** The command {@code replay}, serving a recording at once. */
record Player(ChildJvm program, String url) implements AutoCloseable {

  /** Starts it, and waits until it says where it listens. */
  static Player start(Path data, Path har) throws IOException {
    ChildJvm program =
        ChildJvm.start(
            Main.class,
            "replay",
            har.toString(),
            "--fast",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data.toString());
    String url = program.line();
    if (url == null) {
      throw new AssertionError("replay ended before it listened");
    }
    return new Player(program, url);
  }

  @Override
  public void close() {
    program.close();
  }
}
