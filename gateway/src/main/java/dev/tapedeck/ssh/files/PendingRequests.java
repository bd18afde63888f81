package dev.tapedeck.ssh.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for their replies, by id. Ids need not be unique: a server answers
 * requests of the same id in their order.
 */
final class PendingRequests {

  /**
   * How much they may occupy together: some 160,000 READs. A client that asks for a whole large
   * file at once (paramiko's prefetch) needs tens of thousands.
   */
  static final int MAX_BYTES = 16 * 1024 * 1024;

  private final Map<Integer, ArrayDeque<SftpRequest>> byId = new LinkedHashMap<>();
  private int occupied;

  /**
   * Adds one.
   *
   * @throws UnreadableException if too much waits already
   */
  void add(int id, SftpRequest request) throws UnreadableException {
    if (occupied + request.weight() > MAX_BYTES) {
      throw new UnreadableException("requests of " + MAX_BYTES + " bytes wait for their replies");
    }
    occupied += request.weight();
    byId.computeIfAbsent(id, _ -> new ArrayDeque<>(1)).add(request);
  }

  /** The request that a reply with this id belongs to, which waits no more; null if none does. */
  @Nullable SftpRequest take(int id) {
    ArrayDeque<SftpRequest> same = byId.get(id);
    if (same == null) {
      return null;
    }
    SftpRequest request = same.removeFirst();
    if (same.isEmpty()) {
      byId.remove(id);
    }
    occupied -= request.weight();
    return request;
  }

  /** Those that still wait. */
  List<SftpRequest> left() {
    List<SftpRequest> left = new ArrayList<>();
    byId.values().forEach(left::addAll);
    return left;
  }
}
