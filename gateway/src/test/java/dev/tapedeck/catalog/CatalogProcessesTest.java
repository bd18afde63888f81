package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several programs and one file: {@code ls} while {@code serve} runs, and a crash in between. */
final class CatalogProcessesTest {

  private static final int FIRST = 500;

  @TempDir private Path folder;

  /** Another program that puts sessions; says {@code ready} after some, and goes on for ever. */
  static final class Putter {
    public static void main(String[] arguments) throws IOException {
      try (Catalog catalog = Catalog.open(Path.of(arguments[0]))) {
        for (int i = 0; ; i++) {
          catalog.put(Sessions.full(i));
          if (i % 100 == 99) {
            catalog.flush();
          }
          if (i == FIRST) {
            System.out.println("ready");
          }
        }
      }
    }
  }

  /** Another program that opens the file when told to. */
  static final class Opener {
    public static void main(String[] arguments) throws IOException {
      System.out.println("ready");
      System.in.read();
      try (Catalog catalog = Catalog.open(Path.of(arguments[0]))) {
        catalog.put(Sessions.full(Integer.parseInt(arguments[1])));
        System.out.println(catalog.flush() ? "done" : "not done");
      }
    }
  }

  @Test
  void oneReadsWhileAnotherWritesAndIsKilled() throws Exception {
    Path file = folder.resolve("catalog.db");
    try (ChildJvm writer = ChildJvm.start(Putter.class, file.toString())) {
      writer.await("ready");
      int seen;
      try (Catalog catalog = Catalog.open(file)) {
        seen = catalog.sessions(Filter.newest(Filter.MAX_LIMIT)).size();
        assertThat(seen).isGreaterThanOrEqualTo(FIRST - 1);
        SessionRecord own = Sessions.plain(-1, "reader", SessionRecord.Status.COMPLETE);
        catalog.put(own);
        assertThat(catalog.flush()).isTrue();
        assertThat(catalog.session(own.id())).contains(own);
      }
      writer.kill();
      try (Catalog catalog = Catalog.open(file)) {
        List<SessionRecord> after = catalog.sessions(Filter.newest(Filter.MAX_LIMIT));
        assertThat(after).hasSizeGreaterThan(seen);
        // Whole transactions: no session without its tracks.
        assertThat(after.subList(0, after.size() - 1))
            .allSatisfy(session -> assertThat(session.tracks()).hasSize(2));
        assertThat(catalog.integrity()).isEqualTo("ok");
        catalog.put(Sessions.full(1_000_000));
        assertThat(catalog.flush()).isTrue();
        assertThat(catalog.failed()).isZero();
      }
    }
  }

  @Test
  void severalProgramsMayMakeTheTablesAtOnce() throws Exception {
    Path file = folder.resolve("catalog.db");
    List<ChildJvm> programs = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        programs.add(ChildJvm.start(Opener.class, file.toString(), "" + i));
      }
      for (ChildJvm program : programs) {
        program.await("ready");
      }
      for (ChildJvm program : programs) {
        program.say("go");
      }
      for (ChildJvm program : programs) {
        program.await("done");
        assertThat(program.exitCode()).isZero();
      }
    } finally {
      programs.forEach(ChildJvm::close);
    }
    try (Catalog catalog = Catalog.open(file)) {
      assertThat(catalog.sessions(Filter.newest(10))).hasSize(3);
    }
  }
}
