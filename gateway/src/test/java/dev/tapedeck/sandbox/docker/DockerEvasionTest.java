package dev.tapedeck.sandbox.docker;

import dev.tapedeck.clients.EvasionContract;
import dev.tapedeck.sandbox.Engine;

class DockerEvasionTest extends EvasionContract {

  @Override
  protected Engine newEngine() throws Exception {
    return new DockerEngine(DockerSession.options());
  }
}
