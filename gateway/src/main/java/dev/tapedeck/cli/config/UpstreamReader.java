package dev.tapedeck.cli.config;

import dev.tapedeck.api.PathRule;
import dev.tapedeck.api.Provider;
import dev.tapedeck.api.TrustedCertificates;
import dev.tapedeck.cli.config.Config.KeySource;
import dev.tapedeck.cli.config.Config.Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the model APIs. */
final class UpstreamReader {

  private final Function<String, Path> path;

  /**
   * @param path makes a path of what the file says
   */
  UpstreamReader(Function<String, Path> path) {
    this.path = path;
  }

  /** Those of {@code api} over the known ones. */
  Map<String, Upstream> read(Section api, Map<String, Upstream> known) {
    Map<String, Upstream> upstreams = new TreeMap<>(known);
    api.each(
        "upstreams",
        (name, upstream) -> {
          if (!Upstream.isName(name)) {
            upstream
                .notes()
                .add(
                    upstream.where(),
                    "api.upstreams: a name must be " + Upstream.NAMES + " (got \"" + name + "\")");
          } else {
            Upstream before = upstreams.get(name);
            upstreams.put(name, upstream(upstream, before == null ? "" : before.url()));
          }
        });
    return upstreams;
  }

  private Upstream upstream(Section section, String known) {
    String url = section.value("url", known, UpstreamReader::url);
    if (url.isEmpty() && !section.has("url")) {
      section.notes().add(section.where(), "an upstream without a url");
    }
    Provider provider = section.optional("provider", null, UpstreamReader::provider);
    Section keySection = section.section("key");
    List<PathRule> keyPaths = keyPaths(keySection);
    KeySource key = key(keySection);
    Upstream upstream =
        new Upstream(url, provider, key, keyPaths, section.optional("ca", null, this::ca));
    if (upstream.ca() != null && url.startsWith("http:")) {
      section
          .notes()
          .add(section.at("ca"), "api.upstreams[].ca: http has no certificates; https has");
    }
    section.finish();
    return upstream;
  }

  private static String url(String text) {
    if (!Upstream.isUrl(text)) {
      throw new IllegalArgumentException("must be " + Upstream.ALLOWED);
    }
    return text;
  }

  private static Provider provider(String text) {
    return Provider.of(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "must be one of " + Provider.words() + " (got \"" + text + "\")"));
  }

  private static List<PathRule> keyPaths(Section section) {
    List<PathRule> rules = new ArrayList<>();
    for (String line : section.texts("paths", List.of())) {
      try {
        rules.add(PathRule.parse(line));
      } catch (IllegalArgumentException e) {
        section.notes().add(section.at("paths"), "api.upstreams[].key.paths: " + e.getMessage());
      }
    }
    return rules;
  }

  private Path ca(String text) {
    Path file = path.apply(text);
    try {
      TrustedCertificates.read(file);
      return file;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" " + e.getMessage() + "; allowed: " + TrustedCertificates.ALLOWED, e);
    }
  }

  private @Nullable KeySource key(Section section) {
    String variable = section.optional("env", null, Function.identity());
    Path file = section.optional("file", null, path);
    String command = section.optional("command", null, Function.identity());
    section.finish();
    List<KeySource> keys = new ArrayList<>();
    if (variable != null) {
      keys.add(new KeySource.Variable(variable));
    }
    if (file != null) {
      keys.add(new KeySource.KeyFile(file));
    }
    if (command != null) {
      keys.add(new KeySource.Command(command));
    }
    if (keys.size() > 1) {
      section.notes().add(section.where(), "a key has one of env, file and command");
    }
    return keys.isEmpty() ? null : keys.getFirst();
  }
}
