package dev.tapedeck.recording;

import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A session as JSON, under the names that DESIGN.md promises to scripts: {@code session.json}, and
 * what {@code ls --json} and {@code show --json} print.
 *
 * <p>The keys come in one order always. Times are ISO 8601 in UTC with milliseconds; what is not
 * known is null and not left out.
 */
public final class SessionJson {

  static final JsonMapper JSON = JsonMapper.shared();

  /** What a session's attributes may not be called. */
  static final Set<String> RESERVED =
      Set.of(
          "id",
          "kind",
          "user",
          "source",
          "started",
          "ended",
          "duration_ms",
          "status",
          "tracks",
          "bytes",
          "reason",
          "gaps",
          "exchanges",
          "files");

  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  /** Lines end as on Unix wherever they are written, for checksums are made of them. */
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

  private static final ObjectWriter PRETTY =
      JSON.writer()
          .with(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(INDENT)
                  .withArrayIndenter(INDENT));

  private SessionJson() {}

  /**
   * The content of {@code session.json}.
   *
   * @throws IllegalArgumentException if an attribute has a name that the file uses for something
   *     else
   */
  public static byte[] write(SessionRecord session) {
    return (PRETTY.writeValueAsString(whole(session)) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What a session's {@code session.json} says.
   *
   * @throws IOException with path and reason, if it is missing, unreadable or not such a file
   */
  public static SessionRecord read(SessionFolder folder) throws IOException {
    return read(
        folder.read(SessionFolder.SUMMARY),
        folder.path().resolve(SessionFolder.SUMMARY).toString());
  }

  /**
   * The session that {@code json} describes.
   *
   * @param where what the error names: a path
   * @throws IOException with {@code where} and the reason
   */
  public static SessionRecord read(byte[] json, String where) throws IOException {
    return SessionJsonReader.read(json, where);
  }

  /** The line that {@code ls --json} prints, without its end: {@code tracks} is their number. */
  public static String row(SessionRecord session) {
    ObjectNode node = JSON.createObjectNode();
    heading(node, session);
    node.put("tracks", session.tracks().size());
    node.put("bytes", session.bytes());
    return JSON.writeValueAsString(node);
  }

  /**
   * What {@code show --json} prints, without the last line's end.
   *
   * @param exchanges puts the session's exchanges into the array; scripts may count on its being
   *     there
   * @param files as {@code exchanges}, the files that were moved
   */
  public static String shown(
      SessionRecord session, Consumer<ArrayNode> exchanges, Consumer<ArrayNode> files) {
    ObjectNode node = whole(session);
    exchanges.accept(node.putArray("exchanges"));
    files.accept(node.putArray("files"));
    return PRETTY.writeValueAsString(node);
  }

  private static ObjectNode whole(SessionRecord session) {
    ObjectNode node = JSON.createObjectNode();
    heading(node, session);
    node.put("reason", session.reason());
    node.put("bytes", session.bytes());
    for (Map.Entry<String, String> attribute : new TreeMap<>(session.attributes()).entrySet()) {
      if (RESERVED.contains(attribute.getKey())) {
        throw new IllegalArgumentException(
            "an attribute of a session cannot be called " + attribute.getKey());
      }
      node.put(attribute.getKey(), attribute.getValue());
    }
    ArrayNode tracks = node.putArray("tracks");
    session.tracks().forEach(track -> track(tracks.addObject(), track));
    ArrayNode gaps = node.putArray("gaps");
    session.gaps().forEach(gap -> gap(gaps.addObject(), gap));
    return node;
  }

  private static void heading(ObjectNode node, SessionRecord session) {
    Duration duration = session.duration();
    node.put("id", session.id().toString());
    node.put("kind", session.kind());
    node.put("user", session.user());
    node.put("source", session.source());
    node.put("started", time(session.started()));
    node.put("ended", time(session.ended()));
    node.put("duration_ms", duration == null ? null : (Long) duration.toMillis());
    node.put("status", session.status().name().toLowerCase(Locale.ROOT));
  }

  private static void track(ObjectNode node, TrackRecord track) {
    node.put("name", track.name());
    node.put("type", track.type());
    node.put("file", track.file());
    node.put("started_ms", track.startedMillis());
    node.put("command", track.command());
    node.put("events", track.events());
    node.put("bytes", track.bytes());
    node.put("exit_status", track.exitStatus());
    node.put("sha256", track.sha256());
    ArrayNode payloads = node.putArray("payloads");
    track.payloads().forEach(payload -> payload(payloads.addObject(), payload));
  }

  private static void payload(ObjectNode node, Payload payload) {
    node.put("direction", payload.direction());
    node.put("offset", payload.offset());
    node.put("bytes", payload.bytes());
    node.put("kept", payload.kept());
    node.put("sha256", payload.sha256());
  }

  private static void gap(ObjectNode node, Gap gap) {
    node.put("track", gap.track());
    node.put("from_ms", gap.fromMillis());
    node.put("to_ms", gap.toMillis());
    node.put("events", gap.events());
    node.put("bytes", gap.bytes());
    node.put("reason", gap.reason());
  }

  private static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : MILLISECONDS.format(time);
  }
}
