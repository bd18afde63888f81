package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.EngineContract;
import java.util.ArrayList;
import java.util.List;

/** With terminals of the gateway's own where the tests run as root, as most engines do. */
class DockerContractTest extends EngineContract {

  @Override
  protected Engine newEngine() {
    return new DockerEngine(DockerSession.options());
  }

  @Override
  protected boolean deathsAreKnown() {
    return false;
  }

  @Override
  protected boolean echoIsKnown() {
    return ProcessHandle.current().info().user().filter("root"::equals).isPresent();
  }

  @Override
  protected List<String> shellsOwnVariables() {
    List<String> names = new ArrayList<>(super.shellsOwnVariables());
    names.add(Exec.TOKEN_VARIABLE);
    return names;
  }
}
