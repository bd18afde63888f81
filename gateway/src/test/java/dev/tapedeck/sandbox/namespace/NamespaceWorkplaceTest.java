package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.WorkplaceContract;

class NamespaceWorkplaceTest extends WorkplaceContract {

  @Override
  protected Engine newEngine() {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }
}
