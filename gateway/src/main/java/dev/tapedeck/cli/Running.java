package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Listen;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be closed in the opposite order. */
final class Running implements Gateways {

  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  Listen.@Nullable At ssh;
  Listen.@Nullable At api;
  @Nullable SandboxDoors doors;

  void closeFirst(AutoCloseable part) {
    started.push(part);
  }

  @Override
  public Addresses addresses() {
    return new Addresses(ssh, api, null);
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        LOG.warn("Something did not end well: {}", e.toString());
      }
    }
  }
}
