package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rwxrwx---", "rwx----w-"})
  void aFolderThatOthersMayChangeIsNotUsed(String permissions) throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(permissions));
    Run serve = Run.of(data, "serve");
    assertThat(serve.status()).isEqualTo(1);
    assertThat(serve.err()).contains("other users may write", "chmod go-w", data + "/tapedeck");
    assertThat(data).isEmptyDirectory();
    assertThat(Run.of(data.resolve("tapedeck"), "serve").err()).contains("cannot listen on");
  }

  @Test
  void aFolderOfSomebodyElseIsNotUsed() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    int me = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Needs.need("root", me == 0, "only root can give a folder to somebody");
    Files.setAttribute(data, "unix:uid", 54_321);
    assertThat(Run.of(data, "serve").err()).contains("belongs to 54321");
  }
}
