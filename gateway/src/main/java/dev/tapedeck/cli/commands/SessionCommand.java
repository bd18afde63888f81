package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.storage.RecordingStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that works on what has been recorded. */
abstract class SessionCommand implements Callable<Integer> {

  static final int DONE = 0;
  static final int FAILED = 1;

  final Environment surroundings;
  final Console console;

  @Mixin StoreOptions store = new StoreOptions();

  @Mixin StandardOptions standard = new StandardOptions();

  SessionCommand(Environment surroundings, Console console) {
    this.surroundings = surroundings;
    this.console = console;
  }

  Config config() throws ConfigException {
    return store.load(surroundings).config();
  }

  RecordingStore recordingStore() throws ConfigException {
    return new RecordingStore(config().recordings());
  }

  Recordings recordings() throws ConfigException {
    return new Recordings(recordingStore(), console);
  }
}
