package dev.tapedeck.api.replay;

import dev.tapedeck.api.redaction.Blanked;
import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A request, one that comes or one that was recorded.
 *
 * @param origin scheme and authority; empty if they are not known
 * @param target path and query
 * @param sent the body as it was sent
 * @param plain without its coding
 */
@SuppressWarnings("ArrayRecordComponent")
record Asked(
    String method,
    String origin,
    String target,
    List<HttpHeader> headers,
    byte[] sent,
    byte[] plain) {

  private static final long MAX_DECODED_BYTES = 256L << 20;

  /**
   * One that comes.
   *
   * @param uri as it stood on the request line, which of a proxy's client is absolute
   */
  static Asked of(String method, String uri, List<HttpHeader> headers, byte[] sent) {
    String coding =
        headers.stream()
            .filter(header -> header.is("content-encoding"))
            .map(HttpHeader::value)
            .filter(value -> !value.isBlank() && !value.equalsIgnoreCase("identity"))
            .collect(Collectors.joining(", "));
    byte[] plain = sent;
    if (!coding.isEmpty()) {
      BodyDecoder.Decoded decoded = BodyDecoder.decode(coding, sent, MAX_DECODED_BYTES);
      plain = decoded.end().isComplete() ? decoded.bytes() : sent;
    }
    return new Asked(method, origin(uri), target(uri), headers, sent, plain);
  }

  /** One that was recorded. */
  static Asked of(Obj entry) {
    Obj request = entry.object("request");
    Obj asking = request == null ? new Obj() : request;
    byte[] sent = HarWire.requestBody(entry).bytes();
    byte[] plain = sent;
    List<HttpHeader> headers = headers(asking);
    Obj post = asking.object("postData");
    if (post != null) {
      String text = post.string("text");
      Arr params = post.array("params");
      if (text != null) {
        // What is shown is without its coding.
        plain = shown(text, "base64".equals(post.string("_encoding")));
      } else if (params != null && sent.length == 0) {
        plain = Form.of(text(post, "mimeType"), params);
      }
      headers.removeIf(header -> header.is("content-type") && !text(post, "mimeType").isEmpty());
      headers.add(new HttpHeader("content-type", text(post, "mimeType")));
    }
    String url = text(asking, "url");
    return new Asked(text(asking, "method"), origin(url), target(url), headers, sent, plain);
  }

  private static byte[] shown(String text, boolean base64) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return base64 ? Base64.getDecoder().decode(text) : bytes;
    } catch (IllegalArgumentException notBase64) {
      return bytes;
    }
  }

  private static List<HttpHeader> headers(Obj request) {
    List<HttpHeader> headers = new ArrayList<>();
    Arr listed = request.array("headers");
    if (listed != null) {
      for (Json each : listed.values()) {
        if (each instanceof Obj field
            && field.get("name") instanceof Str(String name)
            && field.get("value") instanceof Str(String value)) {
          headers.add(new HttpHeader(name, value));
        }
      }
    }
    return headers;
  }

  private static String text(Obj object, String name) {
    String text = object.string(name);
    return text == null ? "" : text;
  }

  private static String target(String url) {
    String target = url.substring(origin(url).length());
    return target.startsWith("/") ? target : "/" + target;
  }

  private static String origin(String url) {
    int authority = url.indexOf("://");
    if (authority < 0 || url.startsWith("/")) {
      return "";
    }
    int end = authority + 3;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return url.substring(0, end);
  }

  String contentType() {
    return headers.stream()
        .filter(header -> header.is("content-type"))
        .map(HttpHeader::value)
        .findFirst()
        .orElse("");
  }

  /**
   * What is asked, however it is put.
   *
   * @param names what credentials are called
   * @param named whether credentials of the headers are blank in the rest, too
   * @param files whether the contents of a form's files count
   */
  RequestKey question(SecretNames names, boolean named, boolean files) {
    Blanked blanked = Blanked.of(method, target, named ? headers : List.of(), plain, names);
    return new RequestKey(
        method,
        blanked.shown(),
        RequestKey.target(blanked.target()),
        RequestKey.body(contentType(), blanked.body(), files));
  }
}
