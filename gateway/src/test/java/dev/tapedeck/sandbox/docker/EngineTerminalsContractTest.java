package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Engine;

/** With the engine's terminals, as where the gateway may make none. */
class EngineTerminalsContractTest extends DockerContractTest {

  @Override
  protected Engine newEngine() {
    return new DockerEngine(DockerSession.options(), false);
  }

  @Override
  protected boolean echoIsKnown() {
    return false;
  }
}
