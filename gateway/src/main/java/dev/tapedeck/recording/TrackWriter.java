package dev.tapedeck.recording;

import dev.tapedeck.event.Frame;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.AppendFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where one track is recorded. */
interface TrackWriter {

  /** The file's name within the session's folder. */
  String file();

  /** Records that the track was opened. */
  void open() throws IOException;

  /** Writes what waits; may take as long as the disk likes. */
  void catchUp();

  /** Records a frame; throws only under the strict policy. */
  void record(Frame frame) throws IOException;

  /**
   * The track is closed, and nothing more is written. Waits for a disk that hangs.
   *
   * @return false if it was not closed, was sealed before, or has no file
   */
  boolean seal() throws IOException;

  /** What the sealed file's checksum is, in hex. */
  void checksum(String sha256);

  /** The gaps so far, one that has not ended among them; never waits for the disk. */
  List<Gap> gaps();

  /** What is known of the track. */
  TrackRecord record();

  /** What a tape needs of its session. */
  interface Owner {

    /** Makes a file of the track's. */
    AppendFile open(String file) throws IOException;

    /** Where a file of the track's lies, for reading. */
    Path path(String file) throws IOException;

    /** Removes a file of the track's that is needed no more. */
    void remove(String file) throws IOException;

    /** Has something done after what the session has to do already, on such a thread. */
    void soon(Runnable action);

    /** Has something done after {@code millis}, on a thread that may wait for a disk. */
    void later(Runnable action, long millis);

    /** There is a new gap, or one has ended. */
    void gapChanged();

    /** The disk may be full: makes what room it can. */
    void makeRoom();
  }
}
