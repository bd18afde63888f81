package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.BytesContract;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.SandboxLimits;

class NamespaceBytesTest extends BytesContract {

  @Override
  protected Engine newEngine() throws Exception {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }
}
