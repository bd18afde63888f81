package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.WorkplaceContract;

class DockerWorkplaceTest extends WorkplaceContract {

  @Override
  protected Engine newEngine() {
    return new DockerEngine(DockerSession.options());
  }
}
