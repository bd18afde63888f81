package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.ReachContract;
import dev.tapedeck.sandbox.SandboxLimits;

class NamespaceReachTest extends ReachContract {

  @Override
  protected Engine newEngine() {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }
}
