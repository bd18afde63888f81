package dev.tapedeck.cli.follow;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.live.LiveConversation;
import dev.tapedeck.live.Scene.Chosen;
import dev.tapedeck.live.ScreenSnapshot;
import dev.tapedeck.recording.Journal;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The files of the session that somebody looks at. For one thread at a time. */
final class SessionFiles {

  static final String HAR = ".har";
  static final String CAST = ".cast";
  private static final String JOURNAL = HAR + Journal.SUFFIX;
  private static final int LEFT = Journal.SUFFIX.length();

  private final SessionFolder folder;
  private final LiveConversation conversation = new LiveConversation();
  private final Map<String, ConversationFile> hars = new LinkedHashMap<>();
  private List<String> terminals = List.of();
  private @Nullable ScreenFile screen;
  private @Nullable String terminal;
  private @Nullable Chosen shown;
  private boolean loading = true;

  SessionFiles(SessionFolder folder) {
    this.folder = folder;
  }

  SessionId id() {
    return folder.id();
  }

  /** The folder may have new files. */
  void list() throws IOException {
    List<String> casts = new ArrayList<>();
    for (String name : folder.names()) {
      if (name.endsWith(CAST)) {
        casts.add(name.substring(0, name.length() - CAST.length()));
      } else {
        // The first exchange is in the journal before there is a HAR.
        String har = name.endsWith(JOURNAL) ? name.substring(0, name.length() - LEFT) : name;
        if (har.endsWith(HAR)) {
          hars.computeIfAbsent(
              har, _ -> new ConversationFile(folder.path().resolve(har), conversation));
        }
      }
    }
    casts.sort(Comparator.comparingLong(SessionFiles::number).thenComparing(name -> name));
    if (!casts.equals(terminals)) {
      terminals = List.copyOf(casts);
      shown = null;
    }
  }

  /** Tracks are numbered in their order: {@code exec-10} comes after {@code shell-9}. */
  private static long number(String track) {
    String digits = track.substring(track.lastIndexOf('-') + 1);
    return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : Long.MAX_VALUE;
  }

  /**
   * @param track null for none
   */
  void terminal(@Nullable String track) {
    boolean waits = track != null && screen == null && terminals.contains(track);
    if (Objects.equals(track, terminal) && !waits) {
      return;
    }
    terminal = track;
    shown = null;
    screen =
        track != null && terminals.contains(track)
            ? new ScreenFile(folder.path().resolve(track + CAST))
            : null;
  }

  /** As {@link GrowingFile#look}. */
  boolean look(long budget) throws IOException {
    boolean more = false;
    for (ConversationFile har : hars.values()) {
      more |= har.look(budget);
      if (har.changed()) {
        shown = null;
      }
    }
    if (screen != null) {
      more |= screen.look(budget);
    }
    if (more != loading) {
      loading = more;
      shown = null;
    }
    return more;
  }

  /** What there is to see; the same object as long as nothing changes. */
  @SuppressWarnings("ReferenceEquality") // a picture that has not changed is the same object
  Chosen shown() {
    ScreenFile file = screen;
    ScreenSnapshot picture = file == null ? null : file.picture();
    Chosen known = shown;
    if (known == null || known.picture() != picture) {
      known =
          new Chosen(
              folder.id(),
              terminals,
              conversation.turns(),
              conversation.leftOut(),
              loading,
              terminal,
              picture);
      shown = known;
    }
    return known;
  }

  void close() {
    conversation.close();
  }
}
