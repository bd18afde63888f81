package dev.tapedeck.sandbox.none;

import dev.tapedeck.sandbox.BytesContract;
import dev.tapedeck.sandbox.Engine;

class NoneBytesTest extends BytesContract {

  @Override
  protected Engine newEngine() throws Exception {
    return new NoneEngine();
  }
}
