package dev.tapedeck.sandbox;

import java.util.Optional;

/** Where the programs of one connection run, apart from the host and from all other sandboxes. */
public interface Sandbox extends AutoCloseable {

  /** Unique among this gateway's sandboxes; appears in logs and in {@code session.json}. */
  String id();

  /** The engine's name. */
  String engine();

  /**
   * Why system calls of its programs are not filtered, as the end of a sentence; empty where they
   * are.
   */
  Optional<String> unfiltered();

  /** Whether programs can still be started here; quick, for the pool's checks. */
  boolean healthy();

  /**
   * Starts a program. Blocks for some milliseconds, hence on a platform thread.
   *
   * @throws SandboxException if it cannot be started, or the sandbox is closed
   */
  SandboxProcess start(ProcessSpec spec) throws SandboxException;

  /**
   * Lets programs inside reach one service of the gateway, and nothing else on any network, until
   * the sandbox is closed. Takes a few milliseconds the first time (the very first of an ordinary
   * user's gateway some hundred), nothing later.
   *
   * @param service the same at each call
   * @return the address as programs inside use it, or why they cannot
   */
  Reach reach(Service service);

  /** Kills everything in it and removes it. Further calls do nothing. */
  @Override
  void close();
}
