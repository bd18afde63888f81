package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The gateways while they run: what {@code serve} starts, names and ends. The wall between the
 * command and the wiring of the rooms.
 */
public interface Gateways extends AutoCloseable {

  /** Where they listen, with the ports that the system chose. */
  Addresses addresses();

  /** Ends every session and seals its files; returns when that is done. */
  @Override
  void close() throws IOException;

  /** Where each gateway listens; null for what is off. */
  record Addresses(Listen.@Nullable At ssh, Listen.@Nullable At api, Listen.@Nullable At web) {}

  /** Starts the gateways. */
  @FunctionalInterface
  interface Opener {

    /**
     * Returns when everything listens.
     *
     * @param config complete: users are there, folders are made
     * @throws CommandFailed with a sentence for a person
     * @throws java.net.BindException if an address cannot be listened on
     * @throws IOException if something else fails
     */
    Gateways open(Config config) throws CommandFailed, IOException;
  }
}
