package dev.tapedeck.sandbox;

import java.util.List;

/** Makes sandboxes of one kind. Safe for use by many threads. */
public interface Engine extends AutoCloseable {

  /**
   * The name by which the configuration asks for it: {@code namespace}, {@code docker}, {@code
   * none}.
   */
  String name();

  /**
   * Makes a sandbox for nobody yet; it may wait in a pool before a session takes it. Takes from
   * some milliseconds to seconds, blocking, hence on a platform thread.
   *
   * @throws SandboxException in one sentence what is missing or refused
   */
  default Sandbox create() throws SandboxException {
    return create(Folders.NONE);
  }

  /**
   * The same for one user, with folders of the host.
   *
   * @throws SandboxException in one sentence what is missing or refused
   */
  Sandbox create(Folders folders) throws SandboxException;

  /**
   * What this engine would give on this machine, one finding a line; asks the machine, makes
   * nothing that stays.
   */
  List<Finding> examine();

  /** Ends every sandbox that this engine made. */
  @Override
  void close();
}
