package dev.tapedeck.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostKeysTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-rw----", "rw-----w-"})
  void aKeyThatOthersCanReadOrChangeIsNotUsed(String permissions) throws Exception {
    Path keys = folder.resolve("keys");
    assertThat(HostKeys.loadOrMake(keys)).hasSize(3);
    assertThat(HostKeys.loadOrMake(keys)).hasSize(3);
    Path one = keys.resolve("ssh_host_ed25519_key");
    Files.setPosixFilePermissions(one, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> HostKeys.loadOrMake(keys))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(one + " can be read or changed by other users: chmod 600");
  }
}
