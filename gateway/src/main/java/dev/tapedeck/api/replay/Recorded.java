package dev.tapedeck.api.replay;

import dev.tapedeck.formats.har.HarReader;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of a HAR, found by what was asked. Entries stay in the file. Safe for use by many
 * threads.
 */
final class Recorded {

  private static final HexFormat HEX = HexFormat.of();

  private final Path file;
  private final List<Request> requests = new ArrayList<>();

  /** By method, target and body; those that were asked alike in their order. */
  private final Map<String, List<Request>> exact = new HashMap<>();

  /** The same by what the request means: see {@link Question}. */
  private final Map<String, List<Request>> alike = new HashMap<>();

  private final Map<String, Integer> asked = new HashMap<>();

  /**
   * What was asked once.
   *
   * @param index from 0
   * @param offset where its entry begins in the file
   */
  record Request(int index, long offset, String method, String target) {}

  /**
   * An entry that answers.
   *
   * @param exact whether this very request was recorded, and not only one that asks for the same
   */
  record Hit(Obj entry, boolean exact) {}

  private Recorded(Path file) {
    this.file = file;
  }

  /**
   * Reads what was asked.
   *
   * @throws IOException with entry, place and reason, if the file is no HAR
   */
  static Recorded open(Path file) throws IOException {
    Recorded recorded = new Recorded(file);
    try (HarReader reader = HarReader.of(new BufferedInputStream(Files.newInputStream(file)))) {
      for (HarReader.Item item = reader.next(); item != null; item = reader.next()) {
        recorded.add(item);
      }
    }
    return recorded;
  }

  private void add(HarReader.Item item) {
    Obj asking = item.entry().object("request");
    if (asking == null) {
      return;
    }
    String method = text(asking, "method");
    Request request = new Request(item.index(), item.offset(), method, target(text(asking, "url")));
    requests.add(request);
    byte[] sent = HarWire.requestBody(item.entry()).bytes();
    put(exact, key(method, request.target(), sent), request);
    Obj post = asking.object("postData");
    String shown = post == null ? null : post.string("text");
    // What is shown is without its coding.
    byte[] plain = shown == null ? sent : shown.getBytes(StandardCharsets.UTF_8);
    put(alike, alikeKey(method, request.target(), plain), request);
  }

  private static void put(Map<String, List<Request>> map, String key, Request request) {
    map.computeIfAbsent(key, _ -> new ArrayList<>()).add(request);
  }

  private static String text(Obj object, String name) {
    String text = object.string(name);
    return text == null ? "" : text;
  }

  /** Path and query of an absolute address. */
  static String target(String url) {
    int authority = url.indexOf("://");
    int slash = url.indexOf('/', authority < 0 ? 0 : authority + 3);
    return slash < 0 ? "/" : url.substring(slash);
  }

  private static String key(String method, String target, byte[] body) {
    try {
      String digest = HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      return method + " " + target + " " + digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String alikeKey(String method, String target, byte[] body) {
    return "alike " + key(method, Question.target(target), Question.body(body));
  }

  int size() {
    return requests.size();
  }

  /**
   * What answers a request. One that was asked several times is answered in turn, and then always
   * as it was the last time.
   */
  Optional<Hit> find(String method, String target, byte[] body) throws IOException {
    String key = key(method, target, body);
    List<Request> same = exact.get(key);
    boolean found = same != null;
    if (same == null) {
      key = alikeKey(method, target, body);
      same = alike.get(key);
    }
    if (same == null) {
      return Optional.empty();
    }
    int turn;
    synchronized (asked) {
      turn = asked.merge(key, 1, Integer::sum);
    }
    Request request = same.get(Math.min(turn, same.size()) - 1);
    return Optional.of(new Hit(HarReader.entryAt(file, request.offset()), found));
  }

  /** The recorded request that is most like this one; null if there is none at all. */
  @Nullable Nearest nearest(String method, String target, byte[] body) throws IOException {
    Nearest best = null;
    long most = -1;
    for (Request request : requests) {
      Obj entry = HarReader.entryAt(file, request.offset());
      byte[] sent = HarWire.requestBody(entry).bytes();
      long alike =
          common(body, sent)
              + (request.method().equals(method) ? 1L << 40 : 0)
              + (path(request.target()).equals(path(target)) ? 1L << 41 : 0);
      if (alike > most) {
        most = alike;
        best = new Nearest(request, sent);
      }
    }
    return best;
  }

  /** A request with its body. */
  @SuppressWarnings("ArrayRecordComponent")
  record Nearest(Request request, byte[] body) {}

  private static String path(String target) {
    String plain = Question.target(target);
    int query = plain.indexOf('?');
    return query < 0 ? plain : plain.substring(0, query);
  }

  private static int common(byte[] a, byte[] b) {
    int i = 0;
    while (i < a.length && i < b.length && a[i] == b[i]) {
      i++;
    }
    return i;
  }
}
