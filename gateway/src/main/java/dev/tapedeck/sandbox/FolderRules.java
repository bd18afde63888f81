package dev.tapedeck.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which folders of the host each user's sandboxes are given.
 *
 * @param homes where kept home folders lie, or null where homes are temporary
 */
public record FolderRules(@Nullable Path homes, List<Rule> rules) {

  /** Nobody is given anything. */
  public static final FolderRules NONE = new FolderRules(null, List.of());

  public FolderRules {
    rules = List.copyOf(rules);
  }

  /**
   * A folder for some.
   *
   * @param users whose sandboxes have it; empty for everybody's
   */
  public record Rule(Folders.Mount mount, List<String> users) {
    public Rule {
      users = List.copyOf(users);
    }

    boolean isFor(String user) {
      return users.isEmpty() || users.contains(user);
    }
  }

  /** Whether every user is given something, so that no sandbox can be made beforehand. */
  public boolean forEverybody() {
    return homes != null || rules.stream().anyMatch(rule -> rule.users().isEmpty());
  }

  /**
   * What this user's sandboxes are given; a kept home is made the first time.
   *
   * @throws SandboxException if there is no home and none can be made
   */
  public Folders of(String user) throws SandboxException {
    List<Folders.Mount> mounts =
        rules.stream().filter(rule -> rule.isFor(user)).map(Rule::mount).toList();
    Path home = homes == null ? null : home(homes, user);
    return home == null && mounts.isEmpty() ? Folders.NONE : new Folders(user, home, mounts);
  }

  private static Path home(Path homes, String user) throws SandboxException {
    // As accounts are named; a name from elsewhere must not lead out of the folder.
    if (!user.matches("[A-Za-z_][A-Za-z0-9_.-]{0,31}")) {
      throw new SandboxException("there is no kept home for a user of that name");
    }
    Path home = homes.resolve(user);
    try {
      // Passable for the sandbox's user, whose folders in it are closed to all others.
      Files.createDirectories(
          homes,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
      if (!Files.isDirectory(home)) {
        Files.createDirectory(
            home,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return home;
    } catch (IOException e) {
      throw new SandboxException("the home folder " + home + " cannot be made: " + e, e);
    }
  }
}
