package dev.tapedeck.sandbox.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SftpServers;
import dev.tapedeck.sandbox.reach.Forwarder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamespaceChecksTest {

  @Test
  void whereSandboxesCanBeMadeNothingIsMissing() throws Exception {
    try (NamespaceEngine engine = new NamespaceEngine(SandboxLimits.DEFAULT)) {
      engine.create().close();
      List<Finding> findings = engine.examine();
      assertThat(findings).extracting(Finding::level).doesNotContain(Finding.Level.MISSING);
      assertThat(findings)
          .extracting(Finding::subject)
          .contains(
              "C library",
              "util-linux",
              "user namespaces",
              "trial",
              "system calls",
              "memory limit",
              "processor limit",
              "process limit",
              "disk limit",
              "SFTP server",
              "API gateway");
      assertThat(findings)
          .filteredOn(finding -> finding.subject().equals("API gateway"))
          .allMatch(finding -> finding.level() == Finding.Level.GOOD);
      assertThat(findings).allMatch(finding -> !finding.detail().isBlank());
    }
  }

  @Test
  void withoutControlGroupsTheFallBacksAreNamed() {
    Cgroups none = new Cgroups(Map.of(), true);
    List<Finding> findings =
        new NamespaceChecks(
                SandboxLimits.DEFAULT, none, SftpServers.find(), Forwarder.choose(), Wall.here())
            .findings();
    assertThat(findings)
        .filteredOn(finding -> finding.detail().contains("no control group"))
        .hasSize(3)
        .allMatch(finding -> finding.level() == Finding.Level.LESSER);
  }

  @Test
  void whereThereIsNoSftpServerASentenceNamesThePackage() throws Exception {
    SftpServers none = new SftpServers(Optional.empty());
    try (NamespaceEngine engine = new NamespaceEngine(SandboxLimits.DEFAULT, none, Wall.here());
        Sandbox sandbox = engine.create()) {
      ProcessSpec sftp = new ProcessSpec(new ProcessSpec.Program.Sftp(), "alice", Map.of(), null);
      assertThatThrownBy(() -> sandbox.start(sftp))
          .isInstanceOf(SandboxException.class)
          .hasMessage(
              "this machine has no SFTP server: install OpenSSH's (Debian: openssh-sftp-server;"
                  + " Fedora: openssh-server)");
      assertThat(none.finding().detail()).contains("openssh-sftp-server");
    }
  }
}
