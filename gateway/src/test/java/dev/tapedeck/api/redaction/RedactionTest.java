package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpHeader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, addresses and the bodies of token endpoints. */
class RedactionTest {

  private static final String KEY = "planted-0123456789";

  private final List<String> found = new ArrayList<>();

  private String header(String name, String value) {
    return HeaderRedaction.clean(new HttpHeader(name, value), SecretNames.USUAL, found::add)
        .value();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "Proxy-Authorization",
        "x-api-key",
        "X-Goog-Api-Key",
        "api-key",
        "X-Amz-Security-Token",
        "X-Auth-Token",
        "x-csrf-token",
        "Ocp-Apim-Subscription-Key",
        "X-Auth-Key",
        "x-functions-key",
        "x-portkey-virtual-key",
        "x-litellm-key",
        "x-openai-key",
        "langfuse-secret-key",
        "X-Goog-Iap-Jwt-Assertion",
        "x-bf-vk",
        // Names that no list holds.
        "X-Unheard-Of-Key",
        "KEY",
        "x_some_key",
        "xSomeKey",
        "auThoRization",
        "X-APIKey",
        "X-Key-2",
        "x-second-key2",
        "x-subscriptionkey",
        "X-Frobnicator-Secret",
        "My-Credentials",
        "x-db-password",
        "x-hub-signature",
        "x-sometoken",
        "X-Forwarded-Authorization",
        "x-whose-passphrase",
        "x-api-keys"
      })
  void credentialsInHeadersAreMarks(String name) {
    assertThat(header(name, KEY)).isEqualTo(RedactionMark.mark(KEY));
    assertThat(found).contains(KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anthropic-ratelimit-tokens-remaining",
        "x-ratelimit-limit-tokens",
        "Idempotency-Key",
        "x-idempotency-key",
        "X-Cache-Key",
        "cache_key",
        "Surrogate-Key",
        "Sec-WebSocket-Key",
        "x-monkey",
        "x-turkey",
        "max_tokens",
        "x-max-tokens",
        "x-api-key-id",
        "next-page-token",
        "authority",
        "x-claude-code-session-id",
        "WWW-Authenticate"
      })
  void whatOnlySoundsLikeACredentialStays(String name) {
    assertThat(header(name, "12345678")).isEqualTo("12345678");
    assertThat(found).isEmpty();
  }

  @Test
  void aBearerIsACredentialWhateverItsFieldIsCalled() {
    assertThat(header("x-upstream", "Bearer " + KEY))
        .isEqualTo(RedactionMark.mark("Bearer " + KEY));
    assertThat(found).contains(KEY);
    found.clear();
    assertThat(header("WWW-Authenticate", "Bearer realm=\"planted\"")).contains("realm");
    assertThat(found).isEmpty();
  }

  @Test
  void credentialsInAHeadersJsonAreMarksAndNothingElseIs() {
    String config =
        """
        {"provider":"openai","api_key":"%s","retry":{"attempts":1.50},"override_params":{"max_tokens":5,\
        "prompt_cache_key":"kept-0123456789"},"targets":[{"virtual_key":"%s"}],"unheard_of_secret":{"a":["%s"]}}\
        """
            .formatted(KEY, KEY + "-2", KEY + "-3");
    assertThat(header("x-portkey-config", config))
        .isEqualTo(
            config
                .replace(KEY + "-2", RedactionMark.mark(KEY + "-2"))
                .replace(KEY + "-3", RedactionMark.mark(KEY + "-3"))
                .replace(KEY, RedactionMark.mark(KEY)));
    assertThat(found).contains(KEY, KEY + "-2", KEY + "-3");
    String plain = "{ \"max_tokens\": 5, \"cache_key\": \"x\" }";
    assertThat(header("x-config", plain)).isEqualTo(plain);
    assertThat(header("x-config", "{not json")).isEqualTo("{not json");
  }

  @Test
  void theOwnersNamesAreCredentialsToo() {
    SecretNames names = new SecretNames(List.of("X-Plain", "cache_key"));
    for (String name : List.of("x-plain", "X_Plain", "Cache-Key")) {
      assertThat(HeaderRedaction.clean(new HttpHeader(name, KEY), names, found::add).value())
          .isEqualTo(RedactionMark.mark(KEY));
    }
    assertThat(AddressRedaction.clean("https://h/p?x_plain=" + KEY, names, found::add))
        .isEqualTo("https://h/p?x_plain=" + RedactionMark.mark(KEY));
  }

  @Test
  void aMarkNeedsNoEscapingAnywhere() {
    assertThat(RedactionMark.mark(KEY)).matches("REDACTED-sha256-[0-9a-f]{12}");
    assertThat(java.net.URLEncoder.encode(RedactionMark.mark(KEY), UTF_8))
        .isEqualTo(RedactionMark.mark(KEY));
    assertThat(RedactionMark.isMark(RedactionMark.mark(KEY))).isTrue();
    assertThat(RedactionMark.isMark("REDACTED-sha256-and-a-key")).isFalse();
  }

  @Test
  void schemesAndUsersMayComeUpByThemselves() {
    header("Authorization", "Bearer " + KEY);
    assertThat(found).contains(KEY, "Bearer " + KEY);
    String basic = Base64.getEncoder().encodeToString(("user:" + KEY).getBytes(UTF_8));
    header("Authorization", "Basic " + basic);
    assertThat(found).contains(basic, "user:" + KEY, KEY);
  }

  @Test
  void cookiesKeepTheirNames() {
    assertThat(header("Cookie", "a=" + KEY + "; b=\"quoted-value\"; lone-secret; c="))
        .isEqualTo(
            "a=%s; b=%s; %s; c="
                .formatted(
                    RedactionMark.mark(KEY),
                    RedactionMark.mark("\"quoted-value\""),
                    RedactionMark.mark("lone-secret")));
    assertThat(found).contains(KEY, "quoted-value", "lone-secret");
    assertThat(header("Set-Cookie", "s=x=" + KEY + "; Path=/; HttpOnly"))
        .isEqualTo("s=" + RedactionMark.mark("x=" + KEY) + "; Path=/; HttpOnly");
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/v1/models?key=KEY&alt=sse, https://h/v1/models?key=MARK&alt=sse",
    "https://h/p?X-Amz-Signature=KEY&X-Amz-Date=1, https://h/p?X-Amz-Signature=MARK&X-Amz-Date=1",
    "https://h/p?X-Goog-Signature=KEY#f, https://h/p?X-Goog-Signature=MARK#f",
    "https://h/p?sv=1&sig=KEY, https://h/p?sv=1&sig=MARK",
    "https://h/p?%6Bey=KEY, https://h/p?%6Bey=MARK",
    "https://h/cb#access_token=KEY&state=1, https://h/cb#access_token=MARK&state=1",
    "https://KEY@h/p, https://MARK@h/p",
    "https://h/p?subscription-key=KEY, https://h/p?subscription-key=MARK",
    "https://h/p?unheard_of_key=KEY, https://h/p?unheard_of_key=MARK",
    "https://h/p?pageToken=KEY&cache_key=1, https://h/p?pageToken=KEY&cache_key=1",
    "https://h/p?max_tokens=KEY, https://h/p?max_tokens=KEY",
    "https://h/p?monkey=KEY, https://h/p?monkey=KEY",
    "https://h/p?key=, https://h/p?key="
  })
  void credentialsInAddressesAreMarks(String address, String clean) {
    assertThat(AddressRedaction.clean(address.replace("KEY", KEY), SecretNames.USUAL, found::add))
        .isEqualTo(clean.replace("MARK", RedactionMark.mark(KEY)).replace("KEY", KEY));
    assertThat(found.contains(KEY)).isEqualTo(clean.contains("MARK"));
  }

  @Test
  void theValueOfAParameterIsSearchedForAsItIsWrittenAndAsItIsMeant() {
    AddressRedaction.clean("https://h/p?key=a%2Fb%2bcdefgh", SecretNames.USUAL, found::add);
    assertThat(found).contains("a/b+cdefgh", "a%2Fb%2bcdefgh");
    found.clear();
    AddressRedaction.clean("https://user:pass%21word@h/p", SecretNames.USUAL, found::add);
    assertThat(found).contains("user:pass%21word", "pass%21word", "pass!word");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://h/oauth/token",
        "https://h/v1/oauth2/revoke?x=1",
        "https://h/token/",
        "https://h/login/device/code",
        "https://h/api/oauth/claude_cli/create_api_key",
        "https://h/v1/organizations/api_keys",
        "https://h/v1/organization/admin_api_keys",
        "https://h/v1/realtime/client_secrets",
        "https://h/v1/realtime/sessions"
      })
  void tokenEndpointsAreKnown(String address) {
    assertThat(TokenEndpoint.is(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://h/v1/messages",
        "https://h/v1/messages/count_tokens",
        "https://h/v1/models?path=/token",
        "https://h/v1/responses/input_tokens"
      })
  void otherEndpointsAreNot(String address) {
    assertThat(TokenEndpoint.is(address)).isFalse();
  }

  private String body(String body) {
    return new String(
        TokenEndpoint.clean(body.getBytes(UTF_8), SecretNames.USUAL, found::add), UTF_8);
  }

  @Test
  void formsOfTokenEndpointsKeepTheirNames() {
    assertThat(body("grant_type=refresh_token&refresh_token=" + KEY + "&client_id=c"))
        .isEqualTo(
            "grant_type=refresh_token&refresh_token=" + RedactionMark.mark(KEY) + "&client_id=c");
    assertThat(found).contains(KEY);
  }

  @Test
  void jsonOfTokenEndpointsKeepsItsNames() {
    assertThat(
            body(
                """
                {"token_type":"Bearer","access_token":"%1$s","expires_in":1.50,
                "account":{"name":"n"},"client_secret":{"value":"%1$s-2","expires_at":1}}\
                """
                    .formatted(KEY)))
        .isEqualTo(
            "{\"token_type\":\"Bearer\",\"access_token\":\"%s\",\"expires_in\":1.50,"
                    .formatted(RedactionMark.mark(KEY))
                + "\"account\":{\"name\":\"n\"},\"client_secret\":{\"value\":\"%s\",\"expires_at\":1}}"
                    .formatted(RedactionMark.mark(KEY + "-2")));
  }

  @Test
  void whatAnErrorCallsItsCodeStays() {
    String error = "{\"error\":{\"code\":\"invalid_grant\",\"message\":\"no\"}}";
    assertThat(body(error)).isEqualTo(error);
    assertThat(body("{\"code\":\"" + KEY + "\"}")).doesNotContain(KEY);
  }

  @Test
  void whatATokenEndpointSaysInAnotherWayIsAMarkAndNothingElse() {
    assertThat(body("<token>" + KEY + "</token>"))
        .isEqualTo(RedactionMark.mark(("<token>" + KEY + "</token>").getBytes(UTF_8)));
    assertThat(body("")).isEmpty();
  }
}
