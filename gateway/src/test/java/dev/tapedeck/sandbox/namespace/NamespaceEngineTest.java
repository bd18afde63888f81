package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.EngineContract;
import dev.tapedeck.sandbox.SandboxLimits;

class NamespaceEngineTest extends EngineContract {

  @Override
  protected Engine newEngine() {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }
}
