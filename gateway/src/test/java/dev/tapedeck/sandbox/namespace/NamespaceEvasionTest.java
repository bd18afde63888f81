package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.clients.EvasionContract;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.SandboxLimits;

class NamespaceEvasionTest extends EvasionContract {

  @Override
  protected Engine newEngine() throws Exception {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }
}
