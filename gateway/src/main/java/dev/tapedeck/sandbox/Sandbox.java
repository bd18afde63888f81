package dev.tapedeck.sandbox;

/** Where the programs of one connection run, apart from the host and from all other sandboxes. */
public interface Sandbox extends AutoCloseable {

  /** Unique among this gateway's sandboxes; appears in logs and in {@code session.json}. */
  String id();

  /** The engine's name. */
  String engine();

  /** Whether programs can still be started here; quick, for the pool's checks. */
  boolean healthy();

  /**
   * Starts a program. Blocks for some milliseconds, hence on a platform thread.
   *
   * @throws SandboxException if it cannot be started, or the sandbox is closed
   */
  SandboxProcess start(ProcessSpec spec) throws SandboxException;

  /** Kills everything in it and removes it. Further calls do nothing. */
  @Override
  void close();
}
