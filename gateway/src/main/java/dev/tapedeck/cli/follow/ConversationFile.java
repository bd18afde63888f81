package dev.tapedeck.cli.follow;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.live.LiveConversation;
import dev.tapedeck.recording.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One API track's files, told to a conversation. The journal is read first: what it calls written
 * is then in the HAR. For one thread at a time.
 */
final class ConversationFile {

  private static final Logger LOG = LoggerFactory.getLogger(ConversationFile.class);

  private final GrowingFile har;
  private final GrowingFile journal;
  private final LiveConversation conversation;
  private boolean changed;

  ConversationFile(Path har, LiveConversation conversation) {
    this.har = new GrowingFile(har);
    this.journal = new GrowingFile(har.resolveSibling(har.getFileName() + Journal.SUFFIX));
    this.conversation = conversation;
  }

  /** As {@link GrowingFile#look}. */
  boolean look(long budget) throws IOException {
    boolean more = journal.look(budget, (offset, line) -> event(line));
    return har.look(budget, (offset, line) -> entry(line)) || more;
  }

  /** Whether something has come since this was asked. */
  boolean changed() {
    boolean was = changed;
    changed = false;
    return was;
  }

  private boolean event(byte[] line) {
    try {
      if (Journal.read(new String(line, StandardCharsets.UTF_8))
          instanceof Journal.Entry.Happened(Journal.Line(long nanos, HttpEvent event))) {
        conversation.happened(event, nanos);
        changed = true;
      }
    } catch (IOException e) {
      LOG.debug("{}: a line is passed over: {}", journal.path(), e.getMessage());
    }
    return true;
  }

  private boolean entry(byte[] line) {
    if (HarLines.isFoot(line)) {
      return false;
    }
    if (HarLines.isEntry(line)) {
      if (Json.tryParse(line, 0, HarLines.length(line)).orElse(null) instanceof Obj entry) {
        conversation.entry(entry);
        changed = true;
      } else if (!har.quiet()) {
        return false; // it may be half written
      } else {
        LOG.debug("{}: {} bytes are no entry", har.path(), line.length);
      }
    }
    return true;
  }
}
