package dev.tapedeck.cli;

import dev.tapedeck.api.AllowedSites;
import dev.tapedeck.api.ApiGateway;
import dev.tapedeck.api.ApiOptions;
import dev.tapedeck.api.Consumption;
import dev.tapedeck.api.OpenTo;
import dev.tapedeck.api.TrustedCertificates;
import dev.tapedeck.api.Upstream;
import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionTokens;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API gateway is made of. */
final class ApiWiring {

  private ApiWiring() {}

  /** Starts the API gateway. */
  static InetSocketAddress open(
      Config config,
      Listen.At listen,
      List<Recorder> recorders,
      SessionTokens tokens,
      Consumption consumption,
      Running running)
      throws CommandFailed, IOException {
    ApiGateway api =
        new ApiGateway(
            options(config, listen),
            info -> Session.start(info, recorders, List.of()),
            tokens,
            consumption);
    running.closeFirst(api);
    try {
      api.start();
    } catch (IOException e) {
      throw new CommandFailed(e.getMessage() + "; choose another with --api HOST:PORT", e);
    }
    running.doors = new SandboxDoors(api);
    running.api = new Listen.At(listen.host(), api.address().getPort());
    return api.address();
  }

  private static ApiOptions options(Config config, Listen.At listen)
      throws CommandFailed, IOException {
    List<Upstream> upstreams = new ArrayList<>();
    for (Map.Entry<String, Config.Upstream> each : config.api().upstreams().entrySet()) {
      Config.Upstream upstream = each.getValue();
      upstreams.add(
          new Upstream(
              each.getKey(),
              upstream.providerAt(each.getKey()),
              URI.create(upstream.url()),
              UpstreamKeys.of(upstream.key()),
              upstream.keyPaths(),
              trusted(upstream.ca())));
    }
    upstreams.sort(
        Comparator.comparing((Upstream upstream) -> !upstream.name().equals("anthropic"))
            .thenComparing(Upstream::name));
    return new ApiOptions(
        listen.address("--api"),
        upstreams,
        config.recording().policy() == Config.Policy.STRICT,
        config.api().limits(),
        config.api().redact(),
        config.api().sessionHeader(),
        new AllowedSites(config.api().allowedHosts(), config.api().allowedOrigins()),
        new OpenTo(config.api().openTo()));
  }

  private static @Nullable TrustedCertificates trusted(@Nullable Path ca) throws CommandFailed {
    try {
      return ca == null ? null : TrustedCertificates.read(ca);
    } catch (IOException e) {
      throw new CommandFailed("api.upstreams[].ca: " + ca + " " + e.getMessage(), e);
    }
  }
}
