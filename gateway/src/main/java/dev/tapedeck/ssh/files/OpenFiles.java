package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Event.FileOperation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is open, by handle. */
final class OpenFiles {

  /**
   * How many: more than a server has file descriptors as a rule. What is opened beyond is reported
   * at once, and its data is {@link UnparsedBytes}.
   */
  static final int MAX_HANDLES = 4096;

  private final OrderedDigest.Window window = new OrderedDigest.Window();
  private final Map<String, OpenFile> byHandle = new LinkedHashMap<>();

  OrderedDigest.Window window() {
    return window;
  }

  /** A file was opened; what there is to report now. */
  List<FileOperation> opened(String handle, OpenFile file) {
    if (byHandle.size() >= MAX_HANDLES && !byHandle.containsKey(handle)) {
      file.failed("more than " + MAX_HANDLES + " open at once: what it moves is not recorded here");
      return file.operations();
    }
    OpenFile before = byHandle.put(handle, file);
    return before == null ? List.of() : before.unclosed();
  }

  @Nullable OpenFile get(String handle) {
    return byHandle.get(handle);
  }

  /** The file that data sent now goes to; null if there is none, or the client has closed it. */
  @Nullable OpenFile writable(String handle) {
    OpenFile file = byHandle.get(handle);
    return file == null || file.isClosing() ? null : file;
  }

  /** The client has asked to close it. */
  void closing(String handle) {
    OpenFile file = byHandle.get(handle);
    if (file != null) {
      file.closing();
    }
  }

  /** The server has closed it; null if it was not open. */
  @Nullable OpenFile closed(String handle) {
    return byHandle.remove(handle);
  }

  /** Those that were never closed; afterwards there are none. */
  List<FileOperation> unclosed() {
    List<FileOperation> operations =
        byHandle.values().stream().flatMap(file -> file.unclosed().stream()).toList();
    byHandle.clear();
    return operations;
  }

  /** The path behind a handle, or the handle itself where nothing is known of it. */
  String path(String handle) {
    OpenFile file = byHandle.get(handle);
    return file == null
        ? "handle " + WireText.of(handle.getBytes(StandardCharsets.ISO_8859_1))
        : file.path();
  }
}
