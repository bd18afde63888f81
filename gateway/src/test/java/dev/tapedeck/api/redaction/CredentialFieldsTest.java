package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Planted;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials in bodies, in the fields that the APIs have for them. */
class CredentialFieldsTest {

  private static final String KEY = "planted-0123456789";
  private static final String MARK = RedactionMark.mark(KEY);

  private final List<String> found = new ArrayList<>();

  /** What passes of a body in those pieces. */
  private String clean(SecretNames names, byte[]... pieces) {
    CredentialFields fields = new CredentialFields(names, found::add);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      byte[] clean = fields.clean(piece, 0, piece.length);
      out.writeBytes(clean == null ? piece : clean);
    }
    out.writeBytes(fields.end());
    return out.toString(UTF_8);
  }

  private String clean(String body) {
    return clean(SecretNames.USUAL, body.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'mcp_servers':[{'type':'url','url':'https://m','authorization_token':'KEY'}],'max_tokens':5}",
        "{'tools':[{'type':'mcp','server_url':'https://m','authorization':'KEY'}]}",
        "{'tools':[{'type':'mcp','headers':{'X-Any':'KEY','Content-Type':'text/plain'}}]}",
        "{'tools':[{'type':'mcp','headers':{'X-Any':['KEY']}},{'authorization':'KEY'}]}",
        "{'session':{'tools':[{'authorization':'KEY'}]}}",
        "[{'body':{'tools':[{'authorization':'KEY'}]}}]",
        "{'model':'m','api_key':'KEY','messages':[]}",
        "{'extra_headers':{'X-Any':'KEY','Idempotency-Key':'k-0123456789'}}",
        "{'tools':[{'unheard_of_secret':'KEY'}],'unheard_of_credential':{'type':'oauth','value':'KEY'}}",
        "{'a':{}}{'tools':[{'authorization':'KEY'}]}",
        " \n\t{ 'tools' : [ { 'authorization' : 'KEY' } ] }"
      })
  void credentialsInFieldsOfTheApisAreMarks(String body) {
    byte[] bytes = body.replace('\'', '"').replace("KEY", KEY).getBytes(UTF_8);
    String expected = body.replace('\'', '"').replace("KEY", MARK);
    for (int at = 0; at <= bytes.length; at++) {
      found.clear();
      assertThat(
              clean(
                  SecretNames.USUAL,
                  Arrays.copyOf(bytes, at),
                  Arrays.copyOfRange(bytes, at, bytes.length)))
          .isEqualTo(expected);
      assertThat(found).contains(KEY);
    }
    byte[][] singly = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      singly[i] = new byte[] {bytes[i]};
    }
    assertThat(clean(SecretNames.USUAL, singly)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'max_tokens':5,'prompt_cache_key':'kept-0123456789','cache_key':'kept','idempotency_key':'kept'}",
        "{'messages':[{'content':'the api_key is \\'authorization\\':\\'x\\''}]}",
        "{'messages':[{'content':[{'type':'thinking','signature':'kept-0123456789'}]}]}",
        "{'messages':[{'content':[{'type':'tool_use','input':{'password':'kept','key':'kept'}}]}]}",
        "{'tools':[{'name':'login','input_schema':{'properties':{'password':{'type':'string'},'api_key':{'description':'kept'}}}}]}",
        "{'tools':[{'type':'function','function':{'name':'get_token'}}]}",
        "{'tools':'authorization','metadata':{'user_id':'kept'}}",
        "{'nextPageToken':'kept','totalTokens':'5'}",
        "{'api_key':'','authorization':null,'secret':5}",
        "not json {'api_key':'kept'}",
        "{'tools':[{'authorization",
        ""
      })
  void whatIsNoneStaysByteForByte(String body) {
    String json = body.replace('\'', '"');
    assertThat(clean(json)).isEqualTo(json);
    assertThat(found).isEmpty();
  }

  @Test
  void aNameThatTheOwnerAddsIsFoundAnywhere() {
    SecretNames names = new SecretNames(List.of("my-field"));
    String body = "{\"messages\":[{\"content\":[{\"My_Field\":\"%s\",\"other\":\"kept\"}]}]}";
    assertThat(clean(names, body.formatted(KEY).getBytes(UTF_8))).isEqualTo(body.formatted(MARK));
    assertThat(clean(body.formatted(KEY))).isEqualTo(body.formatted(KEY));
  }

  @Test
  void theMarkIsThatOfWhatTheJsonStandsFor() {
    assertThat(clean("{\"api_key\":\"planted\\/\\u00e4\\\"0123456789\"}"))
        .isEqualTo("{\"api_key\":\"" + RedactionMark.mark("planted/ä\"0123456789") + "\"}");
    assertThat(found).contains("planted/ä\"0123456789");
    assertThat(clean("{\"authorization\":\"Bearer " + KEY + "\"}")).doesNotContain(KEY);
    assertThat(found).contains(KEY);
  }

  @Test
  void ofACredentialThatIsCutOffNothingStays() {
    assertThat(clean("{\"api_key\":\"planted-0123"))
        .isEqualTo("{\"api_key\":\"" + RedactionMark.mark("planted-0123"));
  }

  private static List<String> codings() {
    return Coded.CODINGS;
  }

  @ParameterizedTest
  @MethodSource("codings")
  void anExchangeIsRecordedWithoutThemAndSoIsTheirEcho(String coding) {
    byte[] body =
        Coded.whole(
            coding,
            ("{\"tools\":[{\"authorization\":\"" + KEY + "\"}],\"n\":1.50}").getBytes(UTF_8));
    for (int at = 0; at <= body.length; at++) {
      Redaction redaction = new Redaction(new SecretSearches(), SecretNames.USUAL);
      List<HttpHeader> headers =
          coding.isEmpty()
              ? List.of()
              : List.of(new HttpHeader("Content-Encoding", Coded.name(coding)));
      List<HttpEvent> events = new ArrayList<>();
      events.addAll(
          redaction.of(
              new HttpEvent.Requested(
                  1,
                  Instant.EPOCH,
                  "openai",
                  "POST",
                  "https://h/v1/responses",
                  "HTTP/1.1",
                  headers)));
      events.addAll(redaction.of(part(Side.REQUEST, Arrays.copyOf(body, at))));
      events.addAll(redaction.of(part(Side.REQUEST, Arrays.copyOfRange(body, at, body.length))));
      events.addAll(redaction.of(new HttpEvent.BodyEnded(1, Side.REQUEST, body.length)));
      events.addAll(
          redaction.of(new HttpEvent.Answered(1, 400, "no " + KEY, "HTTP/1.1", List.of())));
      events.addAll(redaction.of(part(Side.RESPONSE, ("echo " + KEY).getBytes(UTF_8))));
      events.addAll(redaction.of(new HttpEvent.BodyEnded(1, Side.RESPONSE, 9)));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      events.stream()
          .filter(HttpEvent.Body.class::isInstance)
          .forEach(each -> all.writeBytes(((HttpEvent.Body) each).data().toArray()));
      assertThat(Planted.in(all.toByteArray(), KEY)).as("split at %d", at).isEmpty();
      assertThat(all.toString(UTF_8)).contains(MARK + "\"}],\"n\":1.50}", "echo " + MARK);
      assertThat(events.toString()).doesNotContain(KEY);
    }
  }

  private static HttpEvent part(Side side, byte[] bytes) {
    return new HttpEvent.Body(1, side, Bytes.of(bytes), /* plain= */ false);
  }
}
