package dev.tapedeck.cli.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the caller's environment becomes for the program that {@code run} starts. */
public final class CallersEnvironment {

  /** Under this the launcher keeps what it had to change for the JVM; empty for not set. */
  private static final String KEPT = "TAPEDECK_CALLER_";

  private static final List<String> PROXIES = List.of("http_proxy", "https_proxy", "all_proxy");

  /** The gateway listens here, and no proxy finds it. */
  private static final String LOOPBACK = "127.0.0.1";

  private CallersEnvironment() {}

  /**
   * The caller's own environment, with more.
   *
   * @param more what is added, over what is there
   */
  public static Map<String, String> with(Map<String, String> callers, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(callers);
    callers.forEach((name, value) -> {
      if (name.startsWith(KEPT)) {
        all.remove(name);
        String changed = name.substring(KEPT.length());
        if (value.isEmpty()) {
          all.remove(changed);
        } else {
          all.put(changed, value);
        }
      }
    });
    all.putAll(more);
    if (all.keySet().stream().anyMatch(name -> PROXIES.contains(name.toLowerCase(Locale.ROOT)))) {
      pastProxies(all, "no_proxy");
      pastProxies(all, "NO_PROXY");
    }
    return all;
  }

  private static void pastProxies(Map<String, String> all, String name) {
    all.merge(
        name,
        LOOPBACK,
        (was, here) -> was.isBlank() ? here : was.contains(here) ? was : was + "," + here);
  }
}
