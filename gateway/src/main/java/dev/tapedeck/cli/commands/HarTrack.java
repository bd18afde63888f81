package dev.tapedeck.cli.commands;

import dev.tapedeck.formats.har.HarFiles;
import dev.tapedeck.formats.har.HarFormatException;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.har.HarReader;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A session's API traffic as the commands read it, entry by entry. While the session lives its file
 * grows under the reader: then whatever follows the last whole entry is the end, and no error.
 */
final class HarTrack implements Closeable {

  private final Path path;
  private final boolean sealed;
  private final HarReader reader;

  HarTrack(Recordings.Found found, TrackRecord track) throws IOException {
    path = found.folder().path().resolve(track.file());
    sealed = track.sha256() != null;
    reader = HarReader.of(Files.newInputStream(path));
  }

  /** The next entry, or null at the end. */
  @Nullable Obj next() throws CommandFailed, IOException {
    try {
      HarReader.Item item = reader.next();
      return item == null ? null : item.entry();
    } catch (HarFormatException e) {
      if (!sealed) {
        return null;
      }
      throw new CommandFailed(path + ": " + Sentence.of(e), e);
    }
  }

  @Override
  public void close() {
    reader.close();
  }

  /**
   * Writes the traffic as a HAR.
   *
   * @param wire as it was on the wire, and not what it stood for
   * @throws CommandFailed if the recording is damaged; what stands before is written, as a whole
   *     HAR
   */
  static void copy(Recordings.Found found, TrackRecord track, boolean wire, OutputStream out)
      throws CommandFailed, IOException {
    if (track.sha256() != null && !wire && !hasBodies(found, track)) {
      Files.copy(found.folder().path().resolve(track.file()), out);
      return;
    }
    try (HarTrack har = new HarTrack(found, track)) {
      out.write(HarLayout.head(version()));
      try {
        boolean first = true;
        for (Obj entry = har.next(); entry != null; entry = har.next()) {
          Obj whole = HarFiles.whole(entry, har.path);
          out.write(HarLayout.entry(wire ? HarWire.expand(whole) : whole, first));
          first = false;
        }
      } finally {
        out.write(HarLayout.foot(gaps(found, track)));
      }
    }
  }

  /** Whether bodies lie in files beside the HAR, where nobody finds them who has the HAR alone. */
  private static boolean hasBodies(Recordings.Found found, TrackRecord track) throws IOException {
    return found.folder().names().stream()
        .anyMatch(name -> name.startsWith(track.name() + ".") && name.endsWith(HarFiles.SUFFIX));
  }

  private static Arr gaps(Recordings.Found found, TrackRecord track) {
    Arr gaps = new Arr();
    for (Gap gap : found.session().gaps()) {
      Long to = gap.toMillis();
      if (gap.track().equals(track.name())) {
        gaps.add(
            new Obj()
                .put("from_ms", gap.fromMillis())
                .put("to_ms", to == null ? Json.Null.NULL : Json.Num.of(to))
                .put("bytes", gap.bytes())
                .put("reason", gap.reason()));
      }
    }
    return gaps;
  }

  private static String version() {
    String version = HarTrack.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
