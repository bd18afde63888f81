package dev.tapedeck.clients;

import dev.tapedeck.api.ApiOptions;
import dev.tapedeck.api.TrustedCertificates;
import dev.tapedeck.api.Upstream;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.testing.Authority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gateways in front of upstreams behind TLS. */
final class Tls {

  private Tls() {}

  /** One whose first upstream is there, vouched for by that authority or by the system's. */
  static LiveApi start(Path home, URI url, @Nullable Authority trusted) throws IOException {
    return start(home, List.of(upstream("anthropic", url, trusted)));
  }

  static LiveApi start(Path home, List<Upstream> upstreams) throws IOException {
    return LiveApi.start(
        home,
        (_, line) -> line.reset(),
        RecordingOptions.DEFAULT,
        AppendFiles.DISK,
        options -> ApiOptions.of(options.listen(), upstreams, options.strict()));
  }

  static Upstream upstream(String name, URI url, @Nullable Authority trusted) {
    return new Upstream(
        name,
        url,
        null,
        trusted == null ? null : new TrustedCertificates(List.of(trusted.certificate())));
  }
}
