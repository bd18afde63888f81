package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials in forms, by their names, and other things that the body tells and not the label. */
class FormSecretTest {

  private static final String KEY = "planted-0123456789";
  private static final String MARK = RedactionMark.mark(KEY);

  private static String kept(String url, SecretNames names, Side side, byte[]... pieces) {
    return kept(url, names, side, List.of(), pieces);
  }

  /** What is recorded of a body that comes in pieces. */
  private static String kept(
      String url, SecretNames names, Side side, List<HttpHeader> headers, byte[]... pieces) {
    Redaction redaction = new Redaction(new SecretSearches(), names);
    List<HttpHeader> asked = side == Side.REQUEST ? headers : authorized();
    List<HttpEvent> events =
        new ArrayList<>(
            redaction.of(
                new HttpEvent.Requested(1, Instant.EPOCH, "u", "POST", url, "HTTP/1.1", asked)));
    if (side == Side.RESPONSE) {
      events.addAll(redaction.of(new HttpEvent.Answered(1, 200, "", "HTTP/1.1", headers)));
    }
    for (byte[] piece : pieces) {
      events.addAll(redaction.of(new HttpEvent.Body(1, side, Bytes.of(piece), false)));
    }
    events.addAll(redaction.of(new HttpEvent.BodyEnded(1, side, 1)));
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (HttpEvent event : events) {
      if (event instanceof HttpEvent.Body body) {
        kept.writeBytes(body.data().toArray());
      }
      assertThat(event).isNotInstanceOf(HttpEvent.Missing.class);
    }
    return kept.toString(ISO_8859_1);
  }

  private static List<HttpHeader> authorized() {
    return List.of(new HttpHeader("authorization", "Bearer " + KEY));
  }

  private static void assertKept(String body, String expected) {
    byte[] bytes = body.getBytes(ISO_8859_1);
    for (int cut = 0; cut <= bytes.length; cut++) {
      byte[] begin = Arrays.copyOf(bytes, cut);
      byte[] end = Arrays.copyOfRange(bytes, cut, bytes.length);
      assertThat(kept("http://x/v1/files", SecretNames.USUAL, Side.REQUEST, begin, end))
          .as("cut at %d", cut)
          .isEqualTo(expected);
    }
    byte[][] singly = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      singly[i] = new byte[] {bytes[i]};
    }
    assertThat(kept("http://x/v1/files", SecretNames.USUAL, Side.REQUEST, singly))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grant_type=client_credentials&client_secret=KEY&scope=a",
        "api_key=KEY",
        "a=1&refresh_token=KEY&max_tokens=100&cache_key=k-0123456789",
        "auth%5Btoken%5D=KEY&b",
        "&&x-litellm-key=KEY&"
      })
  void aFieldsValueIsAMarkIfItsNameTellsOfACredential(String form) {
    assertKept(form.replace("KEY", KEY), form.replace("KEY", MARK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt=what+is+a+token&max_tokens=100&idempotency_key=k-0123456789",
        "a text, in which api_key=planted-0123456789 is said",
        "client_secret",
        "=planted-0123456789",
        "<a href='?token=planted-0123456789'>",
        ""
      })
  void whatIsNoCredentialOrNoFormStaysAsItIs(String body) {
    assertKept(body, body);
  }

  @Test
  void aSecretsEscapesDoNotHideItElsewhere() {
    byte[] form = "client_secret=pl%61nted%2D0123456789&again=planted-0123456789".getBytes(UTF_8);
    assertThat(kept("http://x/v1/files", SecretNames.USUAL, Side.REQUEST, form))
        .isEqualTo("client_secret=" + MARK + "&again=" + MARK);
  }

  @Test
  void namesThatTheOwnerAddedCountInFormsToo() {
    SecretNames names = new SecretNames(List.of("mandant"));
    assertThat(kept("http://x/y", names, Side.REQUEST, ("a=1&mandant=" + KEY).getBytes(ISO_8859_1)))
        .isEqualTo("a=1&mandant=" + MARK);
  }

  private static String multipart(String secret) {
    return """
    --b-1\r
    Content-Disposition: form-data; name="purpose"\r
    \r
    user_data \u0000\u00ff --b-2 \r
    --b\r
    \r
    --b-1\r
    Content-Disposition: form-data; name="client_secret"\r
    Content-Type: text/plain\r
    \r
    SECRET\r
    --b-1\r
    content-disposition: form-data; filename="f.txt"; name=file\r
    \r
    name="api_key" \r
    --b-1--\r
    """
        .replace("SECRET", secret);
  }

  @Test
  void aPartOfAMultipartBodyIsAMarkIfItsNameTellsOfACredential() {
    assertKept(multipart(KEY), multipart(MARK));
    assertKept(multipart(KEY).replace("\r", ""), multipart(MARK).replace("\r", ""));
    String cut = multipart("planted-0123");
    assertThat(
            kept(
                "http://x/y",
                SecretNames.USUAL,
                Side.REQUEST,
                cut.substring(0, cut.indexOf("0123") + 4).getBytes(ISO_8859_1)))
        .endsWith("\r\n" + RedactionMark.mark("planted-0123"));
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void aCompressedFormIsKeptWithoutItsSecret() throws Exception {
    assertThat(
            kept("http://x/y", SecretNames.USUAL, Side.REQUEST, gzip("a=1&client_secret=" + KEY)))
        .isEqualTo("a=1&client_secret=" + MARK);
  }

  @Test
  void aTokenEndpointsCodingIsTheBodys() throws Exception {
    String body = "{\"access_token\":\"" + KEY + "\",\"token_type\":\"bearer\"}";
    String url = "http://x/oauth/token";
    assertThat(kept(url, SecretNames.USUAL, Side.RESPONSE, gzip(body)))
        .isEqualTo(body.replace(KEY, MARK));
    List<HttpHeader> coded = List.of(new HttpHeader("content-encoding", "gzip"));
    assertThat(kept(url, SecretNames.USUAL, Side.RESPONSE, coded, body.getBytes(UTF_8)))
        .isEqualTo(body.replace(KEY, MARK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: {\"d\":\"%s\"}\n\n", "{\"d\":\"%s\"}\n"})
  void aStreamThatDoesNotSayThatItIsOneMaySpellASecretOutToo(String event) throws Exception {
    String url = "http://x/api/chat";
    String wire = event.formatted("the key planted-01") + event.formatted("23456789 is it");
    for (String type : new String[] {"application/json", "text/plain", ""}) {
      List<HttpHeader> label = List.of(new HttpHeader("content-type", type));
      for (int cut = 0; cut <= wire.length(); cut++) {
        byte[] begin = wire.substring(0, cut).getBytes(UTF_8);
        byte[] end = wire.substring(cut).getBytes(UTF_8);
        assertThat(kept(url, SecretNames.USUAL, Side.RESPONSE, label, begin, end))
            .as("%s cut at %d", type, cut)
            .doesNotContain("planted")
            .contains(MARK, " is it");
      }
      assertThat(kept(url, SecretNames.USUAL, Side.RESPONSE, label, gzip(wire)))
          .doesNotContain("planted")
          .contains(MARK, " is it");
    }
  }
}
