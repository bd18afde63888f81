package dev.tapedeck.live;

import dev.tapedeck.formats.llm.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows what was said already. An agent sends its whole history each time: what is in it as often
 * as it has been shown is not news. What is said twice in one history was said twice.
 */
final class SeenParts {

  /** Conversations that say more than this are shown with repetitions. */
  static final int MAX_PARTS = 200_000;

  private final Map<Long, Integer> shown =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > MAX_PARTS;
        }
      };

  /** What of a request is news. */
  List<Part> news(List<Part> request) {
    List<Part> news = new ArrayList<>();
    Map<Long, Integer> counts = new HashMap<>();
    for (Part part : request) {
      long key = key(part);
      int count = counts.merge(key, 1, Integer::sum);
      if (count > shown.getOrDefault(key, 0)) {
        shown.put(key, count);
        news.add(part);
      }
    }
    return news;
  }

  /** An answer has been shown. */
  void answered(List<Part> answer) {
    answer.forEach(part -> shown.merge(key(part), 1, Integer::sum));
  }

  /** In place of the part itself, which may be large. */
  private static long key(Part part) {
    long hash = 31L * part.role().hashCode() + part.kind().name().hashCode();
    String text = part.text();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L; // FNV-1a's prime for 64 bits
    }
    return hash * 31 + java.util.Objects.hash(part.name(), part.id());
  }
}
