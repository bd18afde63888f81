package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.ReachIsolationContract;
import dev.tapedeck.sandbox.SandboxLimits;

class NamespaceReachIsolationTest extends ReachIsolationContract {

  @Override
  protected Engine newEngine() {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }
}
