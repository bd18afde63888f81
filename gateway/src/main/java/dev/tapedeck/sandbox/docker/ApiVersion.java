package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxException;
import org.jspecify.annotations.Nullable;

/** A version of the Engine API: {@code 1.41}. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

  /** The oldest that has all that we ask for: Docker 19.03, Podman 3. */
  static final ApiVersion OLDEST = new ApiVersion(1, 40);

  /** The newest whose description we have read; newer engines still speak it. */
  static final ApiVersion NEWEST = new ApiVersion(1, 47);

  /** From here on an exec's terminal can be given its size when it starts. */
  static final ApiVersion CONSOLE_SIZE = new ApiVersion(1, 42);

  /**
   * The version to speak with an engine.
   *
   * @param offered what its {@code Api-Version} header says; null where it says nothing
   * @throws SandboxException if that is too old, or is no version
   */
  static ApiVersion negotiate(@Nullable String offered) throws SandboxException {
    if (offered == null || !offered.matches("[0-9]{1,3}\\.[0-9]{1,4}")) {
      throw new SandboxException(
          "What listens there does not say which version of the Engine API it speaks.");
    }
    int dot = offered.indexOf('.');
    ApiVersion version =
        new ApiVersion(
            Integer.parseInt(offered.substring(0, dot)),
            Integer.parseInt(offered.substring(dot + 1)));
    if (version.compareTo(OLDEST) < 0) {
      throw new SandboxException(
          "The engine speaks version " + version + " of the API; " + OLDEST + " is needed.");
    }
    return version.compareTo(NEWEST) < 0 ? version : NEWEST;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
