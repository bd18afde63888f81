package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.BytesContract;
import dev.tapedeck.sandbox.Engine;

class DockerBytesTest extends BytesContract {

  @Override
  protected Engine newEngine() {
    return new DockerEngine(DockerSession.options());
  }
}
