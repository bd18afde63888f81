package dev.tapedeck.api.redaction;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The searches that were made last. A client sends the same key with each request, and to make a
 * search for it costs more than to search a small body. Safe for use by many threads.
 */
public final class SecretSearches {

  /** So many sets of secrets are remembered, in memory and nowhere else. */
  private static final int MAX_SETS = 64;

  private final Map<Set<String>, SecretSearch> made =
      new LinkedHashMap<>(MAX_SETS, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Set<String>, SecretSearch> eldest) {
          return size() > MAX_SETS;
        }
      };

  SecretSearch of(Set<String> secrets) {
    synchronized (made) {
      SecretSearch known = made.get(secrets);
      if (known != null) {
        return known;
      }
    }
    SecretSearch search = new SecretSearch(secrets);
    synchronized (made) {
      made.put(Set.copyOf(secrets), search);
    }
    return search;
  }
}
