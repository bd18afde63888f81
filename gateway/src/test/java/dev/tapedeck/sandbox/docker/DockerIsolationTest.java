package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.IsolationContract;

class DockerIsolationTest extends IsolationContract {

  @Override
  protected Engine newEngine() {
    return new DockerEngine(DockerSession.options());
  }
}
