package dev.tapedeck.api.replay;

import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.formats.har.HarFiles;
import dev.tapedeck.formats.har.HarReader;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Protocol;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of a HAR, found by what was asked. Entries stay in the file. Safe for use by many
 * threads.
 */
final class Recorded {

  private final Path file;
  private final List<Request> requests = new ArrayList<>();

  /** By what was asked: see {@link RequestKey}; those that were asked alike in their order. */
  private final Map<String, List<Request>> alike = new HashMap<>();

  private final Map<String, Integer> turns = new HashMap<>();

  /**
   * What was asked once.
   *
   * @param index from 0
   * @param offset where its entry begins in the file
   * @param upstream the name of the API that it went to; empty in a recording of others
   * @param check of the body as it was sent
   */
  record Request(
      int index,
      long offset,
      String method,
      String origin,
      String target,
      String upstream,
      Vendor vendor,
      long check) {

    /** Whether it is the very same request, but for its header. */
    boolean isExactly(Asked asked) {
      return method.equals(asked.method())
          && target.equals(asked.target())
          && check == checksum(asked.sent());
    }

    /** How surely it went where {@code asked} shall go; below 0 if it went elsewhere. */
    int nearness(Asked asked, Vendor client) {
      boolean named =
          !asked.origin().isEmpty()
              ? host(asked.origin()).equalsIgnoreCase(host(origin))
              : RequestKey.prefix(asked.target()).anyMatch(this::isCalled);
      boolean known = vendor != Vendor.UNKNOWN && client != Vendor.UNKNOWN;
      // Some paths say by themselves whose they are.
      boolean shared = Protocol.of(target) == Protocol.UNKNOWN;
      if (named) {
        return 8;
      }
      return known && shared && vendor != client
          ? -1
          : (known && vendor == client ? 2 : 0) + (target.equals(asked.target()) ? 4 : 0);
    }

    /** A proxy's client may well write http where the recorded one spoke TLS. */
    private static String host(String origin) {
      return origin.substring(origin.indexOf("://") + 3);
    }

    private boolean isCalled(String name) {
      return !name.isEmpty()
          && (upstream.isEmpty() ? origin.contains("." + name + ".") : name.equals(upstream));
    }
  }

  /**
   * An entry that answers.
   *
   * @param exact whether this very request was recorded, and not only one that asks for the same
   */
  record Hit(Obj entry, boolean exact) {}

  private final SecretNames names;

  private Recorded(Path file, SecretNames names) {
    this.file = file;
    this.names = names;
  }

  /**
   * Reads what was asked.
   *
   * @param names what credentials are called
   * @throws IOException with entry, place and reason, if the file is no HAR
   */
  static Recorded open(Path file, SecretNames names) throws IOException {
    Recorded recorded = new Recorded(file, names);
    try (HarReader reader = HarReader.of(new BufferedInputStream(Files.newInputStream(file)))) {
      for (HarReader.Item item = reader.next(); item != null; item = reader.next()) {
        recorded.add(item);
      }
    }
    return recorded;
  }

  private Obj entryAt(Request request) throws IOException {
    return HarFiles.whole(HarReader.entryAt(file, request.offset()), file);
  }

  private void add(HarReader.Item item) throws IOException {
    Asked asked = Asked.of(HarFiles.wholeRequest(item.entry(), file));
    String upstream = item.entry().string("_upstream");
    Request request =
        new Request(
            item.index(),
            item.offset(),
            asked.method(),
            asked.origin(),
            asked.target(),
            upstream == null ? "" : upstream,
            Vendor.of(asked.headers()),
            checksum(asked.sent()));
    requests.add(request);
    alike
        .computeIfAbsent(asked.question(names, false, true).key(), _ -> new ArrayList<>())
        .add(request);
  }

  private static long checksum(byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(body);
    return (sum.getValue() << 31) ^ body.length;
  }

  int size() {
    return requests.size();
  }

  /**
   * What answers a request. One that was asked several times is answered in turn, and then always
   * as it was the last time.
   */
  Optional<Hit> find(Asked asked) throws IOException {
    List<Request> same = alike(asked, /* named= */ false, /* files= */ true);
    if (same.isEmpty()) {
      // The recorder has taken out what the headers hold wherever it came up again. What comes may
      // have a key that is an everyday word, so this is the second choice.
      same = alike(asked, /* named= */ true, /* files= */ true);
    }
    if (same.isEmpty()) {
      // Browsers do not record what was in a file that was sent.
      same = alike(asked, /* named= */ true, /* files= */ false);
    }
    List<Request> exact = same.stream().filter(request -> request.isExactly(asked)).toList();
    List<Request> found = exact.isEmpty() ? same : exact;
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int turn;
    synchronized (turns) {
      turn =
          turns.merge(
              found.getFirst().index() + (exact.isEmpty() ? " alike" : " exact"), 1, Integer::sum);
    }
    Request request = found.get(Math.min(turn, found.size()) - 1);
    return Optional.of(new Hit(entryAt(request), !exact.isEmpty()));
  }

  private List<Request> alike(Asked asked, boolean named, boolean files) {
    String key = asked.question(names, named, files).key();
    return sameApi(asked, alike.getOrDefault(key, List.of()));
  }

  /** What a request asks, as it may be shown. */
  RequestKey question(Asked asked) {
    return asked.question(names, /* named= */ true, /* files= */ true);
  }

  /** Those that went to the one API that {@code asked} is most likely meant for. */
  private static List<Request> sameApi(Asked asked, List<Request> alike) {
    Vendor client = Vendor.of(asked.headers());
    Request nearest = null;
    int most = -1;
    for (Request request : alike) {
      int nearness = request.nearness(asked, client);
      if (nearness > most) {
        nearest = request;
        most = nearness;
      }
    }
    String origin = nearest == null ? "" : nearest.origin();
    return alike.stream()
        .filter(request -> request.nearness(asked, client) >= 0 && request.origin().equals(origin))
        .toList();
  }

  /** The recorded request that is most like this one; null if there is none at all. */
  @Nullable Nearest nearest(Asked asked) throws IOException {
    RequestKey question = question(asked);
    String path = question.path();
    Request best = null;
    long most = -1;
    for (Request request : requests) {
      Asked recorded = Asked.of(entryAt(request));
      long alike =
          common(asked.plain(), recorded.plain())
              + (request.method().equals(asked.method()) ? 1L << 40 : 0)
              + (path(request.target()).equals(path) ? 1L << 41 : 0);
      if (alike > most) {
        most = alike;
        best = request;
      }
    }
    return best == null
        ? null
        : new Nearest(
            best.index(),
            Difference.of(question, question(Asked.of(entryAt(best))), best.origin()));
  }

  /** A request and what differs. */
  record Nearest(int index, String difference) {}

  private static String path(String target) {
    String plain = RequestKey.target(target);
    int query = plain.indexOf('?');
    return query < 0 ? plain : plain.substring(0, query);
  }

  private static int common(byte[] a, byte[] b) {
    int at = Arrays.mismatch(a, b);
    return at < 0 ? a.length : at;
  }
}
