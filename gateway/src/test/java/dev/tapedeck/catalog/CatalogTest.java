package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogTest {

  @TempDir private Path folder;
  private Catalog catalog;

  @BeforeEach
  void open() throws CatalogException {
    catalog = Catalog.open(folder.resolve("data/catalog.db"));
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void whatIsPutComesBackWhole() throws CatalogException {
    SessionRecord full = Sessions.full(1);
    SessionRecord live = Sessions.plain(2, "bob", Status.LIVE);
    put(full, live);
    assertThat(catalog.session(full.id())).contains(full);
    assertThat(catalog.session(live.id())).contains(live);
    assertThat(catalog.session(Sessions.id(3))).isEmpty();
    assertThat(catalog.sessions(Filter.newest(10))).containsExactly(live, full);
  }

  @Test
  void aLaterStateTakesThePlaceOfTheEarlier() throws CatalogException {
    put(Sessions.full(1), Sessions.plain(1, "carol", Status.TRUNCATED));
    assertThat(catalog.sessions(Filter.newest(10)))
        .containsExactly(Sessions.plain(1, "carol", Status.TRUNCATED));
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    put(Sessions.full(1));
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      List<Path> all = files.toList();
      assertThat(all)
          .extracting(file -> file.getFileName().toString())
          .contains("catalog.db", "catalog.db-wal");
      for (Path file : all) {
        assertThat(mode(file)).as("%s", file).isEqualTo("rw-------");
      }
    }
    assertThat(mode(folder.resolve("data"))).isEqualTo("rwx------");
  }

  @Test
  void filtersGoTogether() throws CatalogException {
    for (int i = 0; i < 20; i++) {
      Status status = i % 4 == 0 ? Status.GAP : Status.COMPLETE;
      catalog.put(Sessions.plain(i, i % 2 == 0 ? "alice" : "bob", status));
    }
    assertThat(catalog.flush()).isTrue();
    assertThat(seconds(new Filter(3, null, null, null))).containsExactly(19, 18, 17);
    assertThat(seconds(new Filter(3, null, "bob", null))).containsExactly(19, 17, 15);
    assertThat(seconds(new Filter(9, null, null, Status.GAP))).containsExactly(16, 12, 8, 4, 0);
    assertThat(seconds(new Filter(9, Sessions.START.plusSeconds(8), "alice", Status.GAP)))
        .containsExactly(16, 12, 8);
    assertThat(seconds(new Filter(9, null, "' OR 1=1 --", null))).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> Filter.newest(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Filter.newest(Filter.MAX_LIMIT + 1));
  }

  @Test
  void everyListingIsServedByAnIndex() throws CatalogException {
    assertThat(plan(SessionRows.select(Filter.newest(50)))).contains("sessions_started");
    assertThat(plan(SessionRows.select(new Filter(50, Sessions.START, null, null))))
        .contains("sessions_started");
    assertThat(plan(SessionRows.select(new Filter(50, Sessions.START, "alice", null))))
        .contains("sessions_user");
    assertThat(plan(SessionRows.select(new Filter(50, null, null, Status.GAP))))
        .contains("sessions_status");
    assertThat(plan(LoginRows.select(Filter.newest(50)))).contains("logins_time");
    assertThat(plan(LoginRows.select(new Filter(50, null, "alice", null)))).contains("logins_user");
  }

  private String plan(String sql) throws CatalogException {
    String plan = String.join("\n", catalog.explain(sql));
    assertThat(plan).as(sql).doesNotContain("TEMP B-TREE");
    return plan;
  }

  @Test
  void tenThousandSessionsAreListedQuickly() throws CatalogException {
    long start = System.nanoTime();
    catalog.rebuild(IntStream.range(0, 10_000).mapToObj(Sessions::full), _ -> {});
    long built = System.nanoTime();
    assertThat(catalog.sessions(Filter.newest(10_000))).hasSize(10_000);
    long all = System.nanoTime();
    assertThat(catalog.sessions(Filter.newest(50))).hasSize(50);
    long some = System.nanoTime();
    System.out.printf(
        "10,000 sessions: rebuilt in %d ms, all listed in %d ms, the newest 50 in %d ms%n",
        (built - start) / 1_000_000, (all - built) / 1_000_000, (some - all) / 1_000_000);
  }

  @Test
  void aSessionIsMeantByItsIdItsBeginningOrLatest() throws CatalogException {
    assertThat(catalog.resolve("latest")).isEqualTo(new Resolution.None());
    SessionRecord a = Sessions.plain(1, "alice", Status.COMPLETE);
    SessionRecord b = Sessions.plain(90_000, "bob", Status.COMPLETE);
    put(b, a);
    String id = a.id().toString();
    assertThat(catalog.resolve("latest")).isEqualTo(new Resolution.Found(b));
    assertThat(catalog.resolve(id)).isEqualTo(new Resolution.Found(a));
    assertThat(catalog.resolve(id.toUpperCase(java.util.Locale.ROOT)))
        .isEqualTo(new Resolution.Found(a));
    assertThat(catalog.resolve(id.substring(0, 9))).isEqualTo(new Resolution.Found(a));
    assertThat(catalog.resolve(id.substring(0, 2)))
        .isEqualTo(new Resolution.Ambiguous(List.of(b, a)));
    for (String none : List.of("ffff", "", "%", "_", "lates", id + "0", "' OR 1=1 --")) {
      assertThat(catalog.resolve(none)).as(none).isEqualTo(new Resolution.None());
    }
  }

  @Test
  void manyCandidatesAreCutToTheNewest() throws CatalogException {
    put(IntStream.range(0, 30).mapToObj(Sessions::full).toArray(SessionRecord[]::new));
    assertThat(catalog.resolve("0"))
        .isInstanceOfSatisfying(
            Resolution.Ambiguous.class,
            several ->
                assertThat(several.candidates())
                    .hasSize(Catalog.MAX_CANDIDATES)
                    .startsWith(Sessions.full(29)));
  }

  private static LoginAttempt refused(long second, String user) {
    return new LoginAttempt(
        Sessions.START.plusSeconds(second),
        "10.0.0.1:4000",
        user,
        "password",
        LoginAttempt.Outcome.REFUSED,
        null,
        null,
        null);
  }

  @Test
  void theNewestLoginsOfTheLastDaysAreKept() throws CatalogException {
    catalog.close();
    catalog = Catalog.open(catalog.file(), CatalogOptions.limits(0, 1000, Duration.ofHours(1)));
    for (int i = 0; i < 3001; i++) {
      catalog.login(refused(i, "user" + i));
    }
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.count("logins")).isBetween(1000L, 1000L + LoginQueue.PRUNE_EVERY);
    assertThat(catalog.logins(Filter.newest(1000)))
        .extracting(LoginAttempt::user)
        .startsWith("user3000")
        .endsWith("user2001");
    catalog.close();
    catalog = Catalog.open(catalog.file(), CatalogOptions.limits(0, 1000, Duration.ofHours(1)));
    catalog.login(refused(3001 + 3600, "late"));
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.logins(Filter.newest(9)))
        .as("the others are older than an hour")
        .extracting(LoginAttempt::user)
        .containsExactly("late");
  }

  @Test
  void whateverALoginNamesTakesLittleRoom() throws CatalogException {
    LoginAttempt large =
        new LoginAttempt(
            Sessions.START,
            "10.0.0.1:4000",
            "😀".repeat(100_000),
            "password",
            LoginAttempt.Outcome.REFUSED,
            "SHA256:" + "f".repeat(100_000),
            "v".repeat(100_000),
            null);
    catalog.login(large);
    assertThat(catalog.flush()).isTrue();
    LoginAttempt kept = catalog.logins(Filter.newest(1)).getFirst();
    assertThat(kept.user()).startsWith("😀").endsWith("😀…").hasSize(255);
    assertThat(kept.clientVersion()).endsWith("vv…").hasSize(256);
    assertThat(kept.fingerprint()).hasSize(256);
  }

  @Test
  void loginsAreKeptWithEverythingButThePassword() throws CatalogException {
    LoginAttempt refused =
        new LoginAttempt(
            Sessions.START,
            "10.0.0.1:5",
            "root",
            "password",
            LoginAttempt.Outcome.REFUSED,
            null,
            null,
            null);
    LoginAttempt accepted =
        new LoginAttempt(
            Sessions.START.plusSeconds(1),
            "10.0.0.1:6",
            "alice",
            "publickey",
            LoginAttempt.Outcome.ACCEPTED,
            "SHA256:abc",
            "SSH-2.0-OpenSSH_9.2",
            Sessions.id(1));
    catalog.login(refused);
    catalog.login(accepted);
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.logins(Filter.newest(10))).containsExactly(accepted, refused);
    assertThat(catalog.logins(new Filter(10, null, "root", null))).containsExactly(refused);
    assertThat(catalog.logins(new Filter(10, Sessions.START.plusMillis(1), null, null)))
        .containsExactly(accepted);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalog.logins(new Filter(1, null, null, Status.GAP)));
  }

  @Test
  void aDeletedSessionIsGoneWithItsTracks() throws CatalogException {
    put(Sessions.full(1), Sessions.full(2));
    assertThat(catalog.delete(Sessions.id(1))).isTrue();
    assertThat(catalog.delete(Sessions.id(1))).isFalse();
    assertThat(catalog.sessions(Filter.newest(10))).containsExactly(Sessions.full(2));
    assertThat(catalog.count("tracks")).isEqualTo(2);
    assertThat(catalog.count("gaps")).isEqualTo(2);
  }

  @Test
  void aRebuildReplacesSessionsAndKeepsLogins() throws CatalogException {
    put(Sessions.full(1), Sessions.full(2));
    catalog.login(
        new LoginAttempt(
            Sessions.START, "x", "y", "password", LoginAttempt.Outcome.HONEYPOT, null, null, null));
    List<Long> progress = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    long count =
        catalog.rebuild(
            Stream.of(Sessions.full(3), Sessions.full(4)).onClose(() -> closed.add("closed")),
            progress::add);
    assertThat(count).isEqualTo(2);
    assertThat(progress).containsExactly(1L, 2L);
    assertThat(closed).hasSize(1);
    assertThat(catalog.sessions(Filter.newest(9)))
        .containsExactly(Sessions.full(4), Sessions.full(3));
    assertThat(catalog.count("tracks")).isEqualTo(4);
    assertThat(catalog.logins(Filter.newest(9))).hasSize(1);
  }

  @Test
  void aRebuildThatFailsLeavesTheOldIndex() throws CatalogException {
    put(Sessions.full(1));
    Stream<SessionRecord> failing =
        IntStream.range(5, 9)
            .mapToObj(second -> {
              if (second == 7) {
                throw new IllegalStateException("unreadable");
              }
              return Sessions.full(second);
            });
    assertThatThrownBy(() -> catalog.rebuild(failing, _ -> {}))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("unreadable");
    assertThat(catalog.sessions(Filter.newest(9))).containsExactly(Sessions.full(1));
  }

  @Test
  void aRebuildDoesNotLoseWhatIsPutMeanwhile() throws CatalogException {
    catalog.rebuild(Stream.of(Sessions.full(1)).peek(_ -> catalog.put(Sessions.full(2))), _ -> {});
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.sessions(Filter.newest(9)))
        .containsExactly(Sessions.full(2), Sessions.full(1));
  }

  @Test
  void closingWritesWhatIsQueued() throws CatalogException {
    for (int i = 0; i < 1000; i++) {
      catalog.put(Sessions.full(i));
    }
    catalog.close();
    assertThat(catalog.flush()).isFalse();
    catalog.put(Sessions.full(1001));
    assertThat(catalog.dropped()).isEqualTo(1);
    open();
    assertThat(catalog.sessions(Filter.newest(2000))).hasSize(1000);
  }

  @Test
  void aFullQueueLosesAndCountsAndNeverWaits() throws Exception {
    catalog.close();
    catalog = Catalog.open(catalog.file(), new CatalogOptions(Duration.ofMillis(100), 10, 0));
    try (WriteLock _ = WriteLock.take(catalog.file())) {
      for (int i = 0; i < 1000; i++) {
        catalog.put(Sessions.full(i));
      }
      // The writer may have taken a batch out of the queue before it met the lock.
      assertThat(catalog.dropped()).isBetween(1000L - 10 - 256, 1000L - 10);
      // WAL: who reads does not wait for who writes.
      assertThat(catalog.sessions(Filter.newest(1))).isEmpty();
    }
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.failed()).isZero();
    assertThat(catalog.sessions(Filter.newest(2000)))
        .hasSize((int) (1000 - catalog.dropped()))
        .contains(Sessions.full(0));
  }

  @Test
  void whatCannotBeWrittenIsCountedAndTakesNothingWithIt() throws Exception {
    try (WriteLock _ = WriteLock.take(catalog.file())) {
      catalog.put(Sessions.full(1));
      // A record that a column refuses: a track without a type.
      SessionRecord bad = Sessions.full(2);
      SessionRecord.TrackRecord track = bad.tracks().getFirst();
      catalog.put(
          new SessionRecord(
              bad.id(),
              bad.kind(),
              bad.user(),
              bad.source(),
              bad.started(),
              bad.ended(),
              bad.status(),
              bad.reason(),
              bad.attributes(),
              List.of(
                  new SessionRecord.TrackRecord(
                      track.name(), null, track.file(), 1, null, 1, 1, null, null, List.of())),
              List.of()));
      catalog.put(Sessions.full(3));
    }
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.failed()).isEqualTo(1);
    assertThat(catalog.sessions(Filter.newest(9)))
        .containsExactly(Sessions.full(3), Sessions.full(1));
  }

  private void put(SessionRecord... sessions) {
    for (SessionRecord session : sessions) {
      catalog.put(session);
    }
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.failed()).isZero();
  }

  private List<Integer> seconds(Filter filter) throws CatalogException {
    return catalog.sessions(filter).stream()
        .map(session -> (int) Duration.between(Sessions.START, session.started()).toSeconds())
        .toList();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
