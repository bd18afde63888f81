package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.OwnSftpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A mount as {@code init.sh} takes it: kind, options, host path as in fstab(5), path inside. */
final class InitMount {

  private InitMount() {}

  static List<String> of(OwnSftpServer.Mount mount) {
    return of(Path.of(mount.host()), mount.inside(), false);
  }

  static List<List<String>> of(Folders folders) {
    List<List<String>> all = new ArrayList<>();
    Path home = folders.home();
    if (home != null) {
      all.add(of(home, SandboxUser.of(folders.user()).home(), true));
    }
    folders.mounts().forEach(mount -> all.add(of(mount.host(), mount.inside(), mount.writable())));
    return all;
  }

  private static List<String> of(Path host, String inside, boolean writable) {
    return List.of(
        Files.isDirectory(host) ? "folder" : "file",
        writable ? "rw" : "ro",
        escaped(host.toString()),
        inside);
  }

  private static String escaped(String path) {
    return path.replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012");
  }
}
