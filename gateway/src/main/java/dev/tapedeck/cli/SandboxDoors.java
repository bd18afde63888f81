package dev.tapedeck.cli;

import dev.tapedeck.api.ApiGateway;
import dev.tapedeck.api.Door;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.session.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The API gateway as sandboxes reach it: each through a door of its own. */
final class SandboxDoors implements Service {

  private final ApiGateway api;
  private final Map<String, Door> doors = new ConcurrentHashMap<>();

  SandboxDoors(ApiGateway api) {
    this.api = api;
  }

  @Override
  public InetSocketAddress address() {
    return api.address();
  }

  @Override
  public Entrance entrance(String sandbox) throws IOException {
    Door door = api.door();
    doors.put(sandbox, door);
    return new Entrance() {
      @Override
      public UnixDomainSocketAddress address() {
        return door.address();
      }

      @Override
      public void close() {
        doors.remove(sandbox, door);
        door.close();
      }
    };
  }

  /** What comes from this sandbox may be of this session, until it ends. */
  void admit(Session session, Sandbox sandbox) {
    Door door = doors.get(sandbox.id());
    if (door != null) {
      door.admit(session);
    }
  }
}
