package dev.tapedeck.api;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages that happen to be open in a browser on this machine from asking models in its
 * owner's name. A page can send requests to a loopback address as they stand, or give its own
 * domain that address (DNS rebinding); browsers tell of both, in {@code Host}, {@code Origin} (RFC
 * 6454, section 7) and {@code Sec-Fetch-Site} (Fetch Metadata, section 2.4). Programs send neither
 * of the last two.
 *
 * @param hosts names by which clients may reach the gateway beside addresses, {@code localhost},
 *     names without a dot and the one that it listens on
 * @param origins sites whose pages may use it beside those of this machine, as {@code
 *     https://HOST[:PORT]}; {@code *} for any
 */
public record AllowedSites(List<String> hosts, List<String> origins) {

  /** Nothing beside what is always allowed. */
  public static final AllowedSites NONE = new AllowedSites(List.of(), List.of());

  /** By these, containers reach the machine that they run on. */
  private static final List<String> MACHINE =
      List.of("host.docker.internal", "host.containers.internal", "gateway.docker.internal");

  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9a-f:.%]+]|[^:\\[\\]]+)(:\\d+)?");
  private static final Pattern ADDRESS =
      Pattern.compile("\\[.*]|\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");
  private static final Pattern WEB = Pattern.compile("https?://(.*)");

  public AllowedSites {
    hosts = hosts.stream().map(AllowedSites::lower).toList();
    origins = origins.stream().map(AllowedSites::lower).toList();
  }

  /**
   * Why a request is refused, or null.
   *
   * @param host the field {@code Host}, or what stands for it in HTTP/2
   * @param listen the name that the gateway was told to listen on
   */
  @Nullable Refusal refusal(
      @Nullable String host, String listen, @Nullable String origin, @Nullable String fetchSite) {
    if (host != null && !isOurs(name(lower(host)), lower(listen))) {
      return Refusal.foreignHost(host);
    }
    if (origin != null) {
      return mayAsk(lower(origin), host) ? null : Refusal.foreignOrigin(origin);
    }
    boolean foreign = "cross-site".equals(fetchSite) || "same-site".equals(fetchSite);
    return foreign ? Refusal.foreignOrigin("another site") : null;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The host of an authority; empty for what is none. */
  private static String name(String authority) {
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      return "";
    }
    String name = parts.group(1);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private boolean isOurs(String name, String listen) {
    if (name.isEmpty()) {
      return false;
    }
    return ADDRESS.matcher(name).matches()
        || LOOPBACK.matcher(name).matches()
        || name.indexOf('.') < 0 // no domain that somebody on the internet owns
        || name.equals(listen)
        || MACHINE.contains(name)
        || hosts.contains(name);
  }

  private boolean mayAsk(String origin, @Nullable String host) {
    if (origins.contains(origin) || origins.contains("*")) {
      return true;
    }
    Matcher web = WEB.matcher(origin);
    if (!web.matches()) {
      // Installed applications (vscode-webview:, tauri:) are no pages; "null" may be any page.
      return origin.contains("://");
    }
    String from = web.group(1);
    return LOOPBACK.matcher(name(from)).matches() || (host != null && from.equals(lower(host)));
  }
}
