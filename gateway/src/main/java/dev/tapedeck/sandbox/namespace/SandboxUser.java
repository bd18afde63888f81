package dev.tapedeck.sandbox.namespace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The sandbox's one user, as its {@code /etc/passwd} has it.
 *
 * <p>A name that useradd(8) would refuse (a honeypot is offered any) lives under the name {@code
 * user}. Somebody who logs in as root finds root's home, and the rights of everybody else.
 */
record SandboxUser(String name, String home) {

  private static final Pattern VALID = Pattern.compile("[a-z_][a-z0-9_-]{0,30}");

  static SandboxUser of(String login) {
    if (login.equals("root")) {
      return new SandboxUser("root", "/root");
    }
    String name = VALID.matcher(login).matches() ? login : "user";
    return new SandboxUser(name, "/home/" + name);
  }

  /** The same in every sandbox: system folders are the host's. */
  static String shell() {
    return Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
  }
}
