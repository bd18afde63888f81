package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What we ask of the Engine API (Docker's {@code api/swagger.yaml}, 1.40 to 1.47). Every failure is
 * one sentence; what the engine refuses is a {@link RefusedException} with its own words. Safe for
 * use by many threads.
 */
final class DockerApi {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final DockerHttp http;
  private volatile @Nullable ApiVersion version;

  DockerApi(DockerHttp http) {
    this.http = http;
  }

  /** A container in a list. */
  record Listed(String id, String state, Map<String, String> labels) {}

  /**
   * How an exec is.
   *
   * @param running false before it has started and after it has ended
   * @param code the exit code; null until it has ended
   */
  record ExecState(boolean running, @Nullable Integer code) {}

  /** The version that this engine and we both speak; asked for once. */
  ApiVersion negotiated() throws SandboxException {
    ApiVersion known = version;
    if (known == null) {
      String what = "ask for its version";
      DockerHttp.Reply reply = ask(what, "GET", "/_ping", null);
      require(what, reply.head(), reply.body());
      known = ApiVersion.negotiate(reply.head().header("Api-Version"));
      version = known;
    }
    return known;
  }

  JsonNode version() throws SandboxException {
    return get("ask for its version", "/version");
  }

  JsonNode info() throws SandboxException {
    return get("ask what it can do", "/info");
  }

  /**
   * Makes a container.
   *
   * @return its id
   */
  String createContainer(String name, Map<String, ?> spec) throws SandboxException {
    return post("create a container", "/containers/create?name=" + name, spec)
        .path("Id")
        .asString();
  }

  void startContainer(String id) throws SandboxException {
    post("start a container", "/containers/" + id + "/start", null);
  }

  /**
   * Connects to the standard input of a container's first process, which stays open as long as the
   * connection does.
   */
  DockerHttp.Stream attachInput(String id) throws SandboxException {
    return hijack("hold a container", "/containers/" + id + "/attach?stream=1&stdin=1", Map.of());
  }

  /** Kills whatever runs in a container and removes it; nothing if it is not there any more. */
  void removeContainer(String id) throws SandboxException {
    String what = "remove a container";
    DockerHttp.Reply reply = ask(what, "DELETE", path("/containers/" + id + "?force=1&v=1"), null);
    // 409: somebody else is removing it already.
    if (reply.head().status() != 404 && reply.head().status() != 409) {
      require(what, reply.head(), reply.body());
    }
  }

  /** All containers, running or not, that have a label. */
  List<Listed> listContainers(String label) throws SandboxException {
    String filter = encoded(JSON.writeValueAsString(Map.of("label", List.of(label))));
    List<Listed> list = new ArrayList<>();
    for (JsonNode one : get("list containers", "/containers/json?all=1&filters=" + filter)) {
      Map<String, String> labels = new HashMap<>();
      one.path("Labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
      list.add(new Listed(one.path("Id").asString(), one.path("State").asString(), labels));
    }
    return list;
  }

  JsonNode inspectContainer(String id) throws SandboxException {
    return get("inspect a container", "/containers/" + id + "/json");
  }

  /**
   * Prepares a program.
   *
   * @return the exec's id
   */
  String createExec(String container, Map<String, ?> spec) throws SandboxException {
    return post("start a program", "/containers/" + container + "/exec", spec)
        .path("Id")
        .asString();
  }

  /**
   * Starts a prepared program and takes the connection to it.
   *
   * @param size of the terminal, or null for pipes, whose output then comes in frames
   */
  DockerHttp.Stream startExec(String id, @Nullable TerminalSize size) throws SandboxException {
    Map<String, Object> start = new HashMap<>();
    start.put("Detach", false);
    start.put("Tty", size != null);
    if (size != null && negotiated().compareTo(ApiVersion.CONSOLE_SIZE) >= 0) {
      start.put("ConsoleSize", List.of(size.rows(), size.columns()));
    }
    return hijack("start a program", "/exec/" + id + "/start", start);
  }

  /** Starts a prepared program that needs nothing from us. */
  void startDetached(String id) throws SandboxException {
    post("start a program", "/exec/" + id + "/start", Map.of("Detach", true, "Tty", false));
  }

  ExecState inspectExec(String id) throws SandboxException {
    JsonNode state = get("inspect a program", "/exec/" + id + "/json");
    JsonNode code = state.path("ExitCode");
    boolean running = state.path("Running").asBoolean();
    return new ExecState(running, running || !code.isNumber() ? null : code.asInt());
  }

  void resizeExec(String id, TerminalSize size) throws SandboxException {
    post(
        "resize a terminal",
        "/exec/" + id + "/resize?h=" + size.rows() + "&w=" + size.columns(),
        null);
  }

  /** An image, if it is there. */
  Optional<JsonNode> inspectImage(String name) throws SandboxException {
    try {
      return Optional.of(get("inspect an image", "/images/" + encoded(name) + "/json"));
    } catch (RefusedException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Makes an image of a tar file with a root file system. */
  void importImage(Path tar, String repository, String tag) throws SandboxException {
    String what = "import an image";
    String target = "/images/create?fromSrc=-&repo=" + encoded(repository) + "&tag=" + encoded(tag);
    try {
      DockerHttp.Reply reply = http.upload(path(target), tar);
      require(what, reply.head(), reply.body());
      // This endpoint says 200 first, and what went wrong afterwards, among its progress.
      String error = errorAmongProgress(reply.body());
      if (error != null) {
        throw new RefusedException(500, "The engine would not " + what + ": " + error + ".");
      }
    } catch (SandboxException e) {
      throw e;
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  void tagImage(String name, String repository, String tag) throws SandboxException {
    post(
        "tag an image",
        "/images/" + encoded(name) + "/tag?repo=" + encoded(repository) + "&tag=" + encoded(tag),
        null);
  }

  /**
   * The ends of containers and execs, one JSON object after another, from {@code since} on.
   *
   * @param since seconds since 1970
   * @param label of the containers that matter
   */
  DockerHttp.Stream events(String label, long since) throws SandboxException {
    String what = "watch containers";
    String filter =
        encoded(
            JSON.writeValueAsString(
                Map.of(
                    "type", List.of("container"),
                    "event", List.of("exec_die", "die"),
                    "label", List.of(label))));
    try {
      DockerHttp.Stream stream = http.stream(path("/events?since=" + since + "&filters=" + filter));
      if (!stream.head().ok()) {
        require(what, stream.head(), Bytes.of(stream.body().readAllBytes()));
      }
      return stream;
    } catch (SandboxException e) {
      throw e;
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  private JsonNode get(String what, String target) throws SandboxException {
    return json(what, ask(what, "GET", path(target), null));
  }

  private JsonNode post(String what, String target, @Nullable Map<String, ?> body)
      throws SandboxException {
    byte[] json = body == null ? null : JSON.writeValueAsBytes(body);
    return json(what, ask(what, "POST", path(target), json));
  }

  private DockerHttp.Stream hijack(String what, String target, Map<String, ?> body)
      throws SandboxException {
    try {
      DockerHttp.Stream stream = http.hijack(path(target), JSON.writeValueAsBytes(body));
      if (stream.head().status() != 101 && !stream.head().ok()) {
        require(what, stream.head(), Bytes.of(stream.body().readAllBytes()));
      }
      return stream;
    } catch (SandboxException e) {
      throw e;
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  private DockerHttp.Reply ask(String what, String method, String target, byte @Nullable [] json)
      throws SandboxException {
    try {
      return http.ask(method, target, json);
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  private JsonNode json(String what, DockerHttp.Reply reply) throws SandboxException {
    require(what, reply.head(), reply.body());
    if (reply.body().length() == 0) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(reply.body().text());
    } catch (JacksonException e) {
      throw new SandboxException("The engine's answer to \"" + what + "\" is not JSON.", e);
    }
  }

  private String path(String target) throws SandboxException {
    return "/v" + negotiated() + target;
  }

  private static void require(String what, HttpHead head, Bytes body) throws RefusedException {
    // 304: it is so already.
    if (!head.ok() && head.status() != 304) {
      throw new RefusedException(
          head.status(), "The engine would not " + what + ": " + message(head, body) + ".");
    }
  }

  private SandboxException failed(String what, IOException e) {
    String why = e instanceof ClosedByInterruptException ? "interrupted" : e.getMessage();
    return new SandboxException(
        "The engine could not be asked to " + what + ": " + sentence(why) + ".", e);
  }

  /** The API's own words: {@code {"message": "..."}}. */
  private static String message(HttpHead head, Bytes body) {
    try {
      String message = JSON.readTree(body.text()).path("message").asString("");
      if (!message.isBlank()) {
        return sentence(message);
      }
    } catch (JacksonException _) {
      // A proxy's page or nothing at all: the status says as much as can be said.
    }
    return "it answered with status " + head.status();
  }

  private static @Nullable String errorAmongProgress(Bytes progress) {
    for (String line : progress.text().lines().toList()) {
      try {
        String error = JSON.readTree(line).path("error").asString("");
        if (!error.isEmpty()) {
          return sentence(error);
        }
      } catch (JacksonException _) {
        // Progress that is not JSON tells nothing about errors.
      }
    }
    return null;
  }

  /** One line without a full stop at its end. */
  private static String sentence(@Nullable String text) {
    return text == null
        ? "no reason given"
        : text.strip().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
