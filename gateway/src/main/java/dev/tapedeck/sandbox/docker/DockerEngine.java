package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container of Docker or Podman for each sandbox.
 *
 * <pre>
 *   create: container made --&gt; its standard input held --&gt; started --&gt; programs by exec --&gt; removed
 *                                        '-- gateway gone, however --&gt; ends by itself
 * </pre>
 */
public final class DockerEngine implements Engine {

  /** The name by which the configuration asks for it. */
  public static final String NAME = "docker";

  private static final Logger LOG = LoggerFactory.getLogger(DockerEngine.class);

  private static final int NOT_FOUND = 404;

  private final DockerOptions options;
  private final DockerApi api;
  private final boolean ownTerminals;
  private final Map<String, DockerSandbox> sandboxes = new ConcurrentHashMap<>();
  private @Nullable Watch watch;
  private volatile boolean closed;

  /** Connects to nothing before the first sandbox is asked for. */
  public DockerEngine(DockerOptions options) {
    this(options, true);
  }

  /**
   * @param ownTerminals false to use the engine's terminals although the gateway may make its own
   */
  DockerEngine(DockerOptions options, boolean ownTerminals) {
    this.options = options;
    this.api = new DockerApi(new DockerHttp(options.socket(), options.timeout()));
    this.ownTerminals = ownTerminals;
  }

  /** Who we are to the engine, and how we learn what ends. */
  private record Watch(ContainerOwner owner, ExitWatcher endings, Optional<String> unfiltered) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Sandbox create(Folders folders) throws SandboxException {
    Watch ours = watch();
    DockerOptions theirs = options.withUid(user(folders));
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    String container;
    try {
      container =
          api.createContainer("tapedeck-" + id, ContainerSpec.of(theirs, folders, id, ours.owner));
    } catch (RefusedException e) {
      if (e.status() == NOT_FOUND) {
        throw new SandboxException(
            "There is no image " + options.image() + ": deploy/sandbox/build makes it.", e);
      }
      throw e;
    }
    try {
      DockerSandbox sandbox = start(theirs, id, container, ours);
      sandboxes.put(id, sandbox);
      if (closed) {
        sandbox.close();
        throw new SandboxException("The engine is closed.");
      }
      return sandbox;
    } catch (SandboxException e) {
      remove(container);
      throw e;
    }
  }

  /** Whoever owns what is written to; a kept home becomes theirs, where the gateway may do that. */
  private int user(Folders folders) throws SandboxException {
    int uid = folders.owner().orElse(options.uid());
    if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
      folders.own(uid);
      return uid;
    }
    Path home = folders.home();
    return home == null ? uid : Folders.owner(home);
  }

  private DockerSandbox start(DockerOptions options, String id, String container, Watch ours)
      throws SandboxException {
    ExitWatcher endings = ours.endings;
    DockerHttp.Stream hold = api.attachInput(container);
    try {
      CompletableFuture<Integer> ending = endings.of(container);
      api.startContainer(container);
      int pid = api.inspectContainer(container).path("State").path("Pid").asInt(0);
      ContainerNetwork network = new ContainerNetwork(container, pid);
      OwnTerminals terminals = ownTerminals ? OwnTerminals.in(network, options.uid()) : null;
      return new DockerSandbox(
          api,
          options,
          endings,
          id,
          container,
          ending,
          hold,
          network,
          terminals,
          ours.unfiltered,
          () -> sandboxes.remove(id));
    } catch (SandboxException e) {
      endings.forget(container);
      DockerHttp.closeQuietly(hold);
      throw e;
    }
  }

  /** The first time also removes what crashed gateways left. */
  private synchronized Watch watch() throws SandboxException {
    if (closed) {
      throw new SandboxException("The engine is closed.");
    }
    if (watch == null) {
      ContainerOwner owner;
      try {
        owner = ContainerOwner.self();
      } catch (IOException e) {
        throw new SandboxException("This process cannot be told from others by /proc.", e);
      }
      api.negotiated();
      reap(owner);
      Optional<String> unfiltered = DockerChecks.unfiltered(api.info());
      unfiltered.ifPresent(
          why -> LOG.warn("system calls of programs in sandboxes are not filtered: {}", why));
      watch =
          new Watch(
              owner,
              ExitWatcher.watch(api, ContainerOwner.LABEL + "=" + owner.label()),
              unfiltered);
    }
    return watch;
  }

  private void reap(ContainerOwner owner) throws SandboxException {
    for (DockerApi.Listed one : api.listContainers(ContainerSpec.LABEL)) {
      if (owner.leftBehind(one.labels().get(ContainerOwner.LABEL), one.state())) {
        LOG.info("removing a sandbox that its gateway left behind: {}", one.id());
        remove(one.id());
      }
    }
  }

  private void remove(String container) {
    try {
      api.removeContainer(container);
    } catch (SandboxException e) {
      LOG.warn("container {} stays behind: {}", container, e.getMessage());
    }
  }

  @Override
  public List<Finding> examine() {
    return new DockerChecks(api, options).findings();
  }

  @Override
  public void close() {
    closed = true;
    try (ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
      sandboxes.values().forEach(sandbox -> closers.execute(sandbox::close));
    }
    synchronized (this) {
      if (watch != null) {
        watch.endings.close();
      }
    }
  }
}
