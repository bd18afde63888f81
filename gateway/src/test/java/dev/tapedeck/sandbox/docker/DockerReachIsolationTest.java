package dev.tapedeck.sandbox.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.ReachIsolationContract;
import dev.tapedeck.sandbox.posix.NetworkNamespace;

class DockerReachIsolationTest extends ReachIsolationContract {

  @Override
  protected Engine newEngine() {
    DockerOptions options = DockerSession.options();
    assumeTrue(NetworkNamespace.mayEnter(), "only root may enter a container's network");
    return new DockerEngine(options);
  }
}
