package dev.tapedeck.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tapedeck.formats.fuzz.Input;
import java.net.URI;

/** What is accepted stays on its host and climbs out of no folder, however it is written. */
final class RequestTargetFuzz {

  private static final String[] METHODS = {"GET", "POST", "CONNECT", "OPTIONS"};

  private RequestTargetFuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    String method = input.choice(METHODS);
    String target = new String(input.rest(), ISO_8859_1);
    if (RequestTarget.of(method, target, "own:80"::equals)
        instanceof RequestTarget.Local(String path)) {
      Input.check(path.startsWith("/"), "not a path: " + path);
      // As the most lenient server would read it.
      String slashes = path.replace('\\', '/').replaceAll("(?i)%2f|%5c", "/");
      String address = slashes.replaceAll("[^!-~]|[\"<>^`{|}\\[\\]]|%(?![0-9a-fA-F]{2})", "x");
      URI whole = URI.create("http://upstream.example/base" + address);
      Input.same("upstream.example", whole.getHost(), "another host");
      String decoded = whole.normalize().getPath();
      Input.check(decoded.startsWith("/base"), "climbs: " + path);
    }
  }
}
