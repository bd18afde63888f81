package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** FORMATS.md, section 6: Gemini. */
class GeminiAccumulatorTest {

  private static AccumulatedMessage rebuilt(String lines) {
    return Wire.rebuilt(Protocol.GEMINI, lines);
  }

  private static String parts(String parts) {
    return "{\"candidates\":[{\"content\":{\"parts\":" + parts + ",\"role\":\"model\"}}]}\n";
  }

  @Test
  void partsConcatenateAndTheLastReasonAndUsageWin() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"usageMetadata":{"totalTokenCount":5},"modelVersion":"g"}
            {"candidates":[{"content":{"parts":[{"text":"lo"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"totalTokenCount":9},"modelVersion":"g"}
            """);
    assertThat(rebuilt.message())
        .isEqualTo(
            json(
                """
                {"candidates":[{"content":{"parts":[{"text":"Hello"}],"role":"model"},"index":0,"finishReason":"STOP"}],
                 "usageMetadata":{"totalTokenCount":9},"modelVersion":"g"}
                """));
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void thoughtsCallsAndSignedPartsStayApart() {
    AccumulatedMessage rebuilt =
        rebuilt(
            parts("[{\"text\":\"hm\",\"thought\":true},{\"text\":\"m\",\"thought\":true}]")
                + parts(
                    "[{\"text\":\"a\"},{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1.0}}}]")
                + parts(
                    "[{\"text\":\"b\"},{\"text\":\"c\",\"thoughtSignature\":\"s\"},{\"text\":\"d\"}]"));
    assertThat(rebuilt.message())
        .isEqualTo(
            json(
                """
                {"candidates":[{"content":{"parts":[{"text":"hmm","thought":true},{"text":"a"},
                  {"functionCall":{"name":"f","args":{"x":1.0}}},{"text":"b"},
                  {"text":"c","thoughtSignature":"s"},{"text":"d"}],"role":"model"}}]}
                """));
  }

  @Test
  void partialArgumentsBecomeOneCall() {
    AccumulatedMessage rebuilt =
        rebuilt(
            parts(
                    "[{\"functionCall\":{\"name\":\"f\",\"id\":\"1\",\"willContinue\":true},\"thoughtSignature\":\"s\"}]")
                + parts(
                    "[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.place\",\"stringValue\":\"New \",\"willContinue\":true}],\"willContinue\":true}}]")
                + parts(
                    "[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.place\",\"stringValue\":\"York\"},{\"jsonPath\":\"$.days\",\"numberValue\":3}],\"willContinue\":true}}]")
                + parts(
                    "[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.o.deep\",\"boolValue\":true},{\"jsonPath\":\"$['n']\",\"nullValue\":\"NULL_VALUE\"},"
                        + "{\"jsonPath\":\"$.l[0]\",\"stringValue\":\"a\"},{\"jsonPath\":\"$.l[0]\",\"stringValue\":\"b\"},{\"jsonPath\":\"$.l[1]\",\"numberValue\":2},{\"jsonPath\":\"$.i[0].x\",\"stringValue\":\"y\"}],\"willContinue\":true}}]")
                + parts("[{\"functionCall\":{}}]")
                + parts(
                    "[{\"functionCall\":{\"name\":\"f\",\"partialArgs\":[{\"jsonPath\":\"$.place\",\"stringValue\":\"Rome\"}]}}]")
                + parts("[{\"functionCall\":{\"name\":\"g\",\"args\":{}}}]"));
    assertThat(rebuilt.message())
        .isEqualTo(
            json(
                """
                {"candidates":[{"content":{"parts":[
                  {"functionCall":{"name":"f","id":"1","args":{"place":"New York","days":3,"o":{"deep":true},"n":null,"l":["ab",2],"i":[{"x":"y"}]}},"thoughtSignature":"s"},
                  {"functionCall":{"name":"f","args":{"place":"Rome"}}},
                  {"functionCall":{"name":"g","args":{}}}],"role":"model"}}]}
                """));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void aBodyWithoutAReasonForFinishingIsNotComplete() {
    assertThat(rebuilt(parts("[{\"text\":\"x\"}]")).end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
  }

  @Test
  void aBlockedPromptIsComplete() {
    assertThat(rebuilt("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n").end())
        .isEqualTo(StreamEnd.COMPLETE);
  }

  @Test
  void candidatesAreToldApartByIndex() {
    assertThat(
            rebuilt(
                    "{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]}},"
                        + "{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n")
                .message())
        .isEqualTo(
            json(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}},"
                    + "{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]}}]}"));
  }

  @Test
  void anErrorHasItsCodeAsStatus() {
    AccumulatedMessage rebuilt =
        rebuilt(
            parts("[{\"text\":\"x\"}]")
                + "{\"error\":{\"code\":503,\"message\":\"m\",\"status\":\"UNAVAILABLE\"}}\n");
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(503);
    assertThat(rebuilt("{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\"}}\n").status())
        .isEqualTo(429);
  }
}
