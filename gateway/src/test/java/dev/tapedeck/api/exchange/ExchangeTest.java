package dev.tapedeck.api.exchange;

import static dev.tapedeck.api.exchange.Dialogue.answer;
import static dev.tapedeck.api.exchange.Dialogue.answerEnded;
import static dev.tapedeck.api.exchange.Dialogue.answered;
import static dev.tapedeck.api.exchange.Dialogue.asked;
import static dev.tapedeck.api.exchange.Dialogue.connected;
import static dev.tapedeck.api.exchange.Dialogue.failed;
import static dev.tapedeck.api.exchange.Dialogue.failure;
import static dev.tapedeck.api.exchange.Dialogue.fields;
import static dev.tapedeck.api.exchange.Dialogue.notRecorded;
import static dev.tapedeck.api.exchange.Dialogue.recorded;
import static dev.tapedeck.api.exchange.Dialogue.request;
import static dev.tapedeck.api.exchange.Dialogue.requestEnded;
import static dev.tapedeck.api.exchange.Dialogue.timedOut;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import org.junit.jupiter.api.Test;

class ExchangeTest {

  private final Dialogue exchange = new Dialogue(false);
  private final Dialogue strict = new Dialogue(true);

  @Test
  void bestEffortSendsAndThenRecords() {
    assertThat(exchange.on(asked())).containsExactly("connect", "record requested");
    assertThat(exchange.on(connected(false)))
        .containsExactly("request head", "record connected", "resume request");
    assertThat(exchange.on(request("ask"))).containsExactly("request ask", "record request ask");
    assertThat(exchange.on(requestEnded())).containsExactly("request end", "record request of 3");
    assertThat(exchange.on(answered(200))).containsExactly("answer head 200", "record 200");
    assertThat(exchange.on(answer("tell"))).containsExactly("answer tell", "record answer tell");
    assertThat(exchange.on(answerEnded()))
        .containsExactly("answer end", "record answer of 4", "record complete", "release");
  }

  @Test
  void strictRecordsAndThenSends() {
    assertThat(strict.on(asked())).containsExactly("record requested");
    assertThat(strict.on(recorded())).containsExactly("connect");
    assertThat(strict.on(connected(false)))
        .containsExactly("request head", "record connected", "resume request");
    assertThat(strict.on(recorded(), request("ask"))).containsExactly("record request ask");
    assertThat(strict.on(recorded())).containsExactly("request ask");
    assertThat(strict.on(requestEnded())).containsExactly("record request of 3");
    assertThat(strict.on(recorded())).containsExactly("request end");
    assertThat(strict.on(answered(200))).containsExactly("record 200");
    // What comes meanwhile waits behind it.
    assertThat(strict.on(answer("tell"), answerEnded())).isEmpty();
    assertThat(strict.on(recorded())).containsExactly("answer head 200", "record answer tell");
    assertThat(strict.on(recorded())).containsExactly("answer tell", "record answer of 4");
    assertThat(strict.on(recorded())).containsExactly("answer end", "record complete", "release");
  }

  @Test
  void strictReadsNoMoreThanItMayHold() {
    strict.on(asked(), recorded(), connected(false), recorded(), answered(200));
    String much = "x".repeat(Outbox.MAX_HELD_BYTES);
    assertThat(strict.on(answer(much))).containsExactly("pause request", "pause answer");
    strict.on(recorded());
    assertThat(strict.on(recorded()))
        .containsExactly("answer " + much, "resume request", "resume answer");
  }

  @Test
  void aReceiverThatIsFullPausesItsSender() {
    exchange.on(asked(), connected(false), answered(200));
    assertThat(exchange.on(new ExchangeEvent.Full(Side.RESPONSE))).containsExactly("pause answer");
    assertThat(exchange.on(new ExchangeEvent.Full(Side.REQUEST))).containsExactly("pause request");
    assertThat(exchange.on(new ExchangeEvent.Drained(Side.RESPONSE)))
        .containsExactly("resume answer");
  }

  @Test
  void aClientThatWaitsIsToldToGoOnWhenThereIsAConnection() {
    exchange.on(asked(true, null));
    assertThat(exchange.on(connected(false)))
        .containsExactly("request head", "100", "record connected", "resume request");
  }

  @Test
  void aClientThatWaitsIsRefusedAtOnce() {
    assertThat(exchange.on(asked(true, failure(404, End.COMPLETE))))
        .containsExactly(
            "refuse 404 and close",
            "record requested",
            "record 404",
            "record answer sorry",
            "record answer of 5",
            "record complete",
            "release",
            "resume request");
    Dialogue down = new Dialogue(false);
    down.on(asked(true, null));
    assertThat(down.on(failed(false)))
        .startsWith("refuse 502 and close")
        .endsWith("record upstream_eof", "release", "resume request");
  }

  @Test
  void anybodyElseIsRefusedWhenTheRequestIsRecordedWhole() {
    exchange.on(asked());
    assertThat(exchange.on(failed(false))).containsExactly("resume request");
    assertThat(exchange.on(request("ask"))).containsExactly("record request ask");
    assertThat(exchange.on(requestEnded())).startsWith("refuse 502", "record request of 3");
  }

  @Test
  void anInterimAnswerIsRecordedAndIsNotTheAnswer() {
    exchange.on(asked(), connected(false), requestEnded());
    assertThat(exchange.on(new ExchangeEvent.Interim(102, fields("a"))))
        .containsExactly("record 102");
    assertThat(exchange.on(answered(200))).startsWith("answer head 200");
  }

  @Test
  void ofAnUploadThatIsAnsweredEarlyTheRestGoesBy() {
    exchange.on(asked(), connected(false), request("some"), answered(401));
    assertThat(exchange.on(answerEnded()))
        .startsWith("answer end", "close upstream")
        .endsWith("record complete", "release");
    assertThat(exchange.on(request("more"), failed(true), requestEnded())).isEmpty();
  }

  @Test
  void whatAKeptConnectionDidNotTakeIsSentOnceMore() {
    exchange.on(asked(), connected(true), request("ask"));
    exchange.on(new ExchangeEvent.RequestTrailers(fields("a")), requestEnded());
    assertThat(exchange.on(failed(true)))
        .containsExactly("close upstream", "connect anew", "pause request");
    assertThat(exchange.on(connected(false)))
        .containsExactly(
            "request head",
            "request ask",
            "request trailers a",
            "request end",
            "record connected",
            "resume request");
    assertThat(exchange.on(failed(true))).startsWith("close upstream", "refuse 502");
  }

  @Test
  void underTheStrictPolicyWhatWaitedIsSentOnceOnlyToTheNewConnection() {
    strict.on(asked(), recorded(), connected(true), recorded(), request("ask"));
    assertThat(strict.on(failed(true))).contains("close upstream").doesNotContain("request ask");
    assertThat(strict.on(recorded())).containsExactly("connect anew");
    assertThat(strict.on(connected(false), recorded()))
        .containsOnlyOnce("request ask")
        .doesNotContain("record request ask");
  }

  @Test
  void itIsNotSentOnceMoreWhereItMayHaveBeenHeard() {
    for (ExchangeEvent heard :
        new ExchangeEvent[] {
          new ExchangeEvent.Interim(100, fields("a")), request("x".repeat(101))
        }) {
      Dialogue begun = new Dialogue(false);
      begun.on(asked(), connected(true), heard, requestEnded());
      assertThat(begun.on(failed(true))).as("%s", heard).contains("refuse 502");
    }
    for (boolean reused : new boolean[] {false, true}) {
      Dialogue other = new Dialogue(false);
      other.on(asked(), connected(reused), requestEnded());
      assertThat(other.on(failed(!reused))).contains("refuse 502");
    }
  }

  @Test
  void fieldsBehindBodiesPassBothWays() {
    exchange.on(asked(), connected(false));
    assertThat(exchange.on(new ExchangeEvent.RequestTrailers(fields("a"))))
        .containsExactly("request trailers a", "record request trailers");
    exchange.on(requestEnded(), answered(200));
    assertThat(exchange.on(new ExchangeEvent.AnswerTrailers(fields("b"))))
        .containsExactly("answer trailers b", "record answer trailers");
  }

  @Test
  void anAnswerThatBreaksOffIsCutForTheClient() {
    exchange.on(asked(), connected(false), requestEnded(), answered(200), answer("te"));
    assertThat(exchange.on(failed(false)))
        .containsExactly("close upstream", "cut client", "record upstream_eof", "release");
  }

  @Test
  void aRefusalThatCannotBeRecordedReleasesOnce() {
    strict.on(asked(false, failure(404, End.COMPLETE)), recorded());
    assertThat(strict.on(requestEnded()))
        .containsExactly(
            "record request of 0", "record 404", "record answer sorry", "record answer of 5");
    assertThat(strict.on(notRecorded()))
        .containsExactly("close upstream", "refuse 503", "record error", "release");
    assertThat(strict.on(recorded(), recorded(), recorded(), recorded(), notRecorded())).isEmpty();
  }

  @Test
  void anAnswerThatCannotBeRecordedIsCut() {
    strict.on(asked(), recorded(), connected(false), recorded(), requestEnded(), recorded());
    strict.on(answered(200), recorded(), answer("te"));
    assertThat(strict.on(notRecorded()))
        .containsExactly("close upstream", "cut client", "record error", "release");
  }

  @Test
  void whoGoesWithTheLastByteHasTheWholeAnswer() {
    strict.on(asked(), recorded(), connected(false), recorded(), requestEnded(), recorded());
    strict.on(answered(200), recorded(), answer("te"), recorded(), answerEnded());
    assertThat(strict.on(new ExchangeEvent.ClientGone())).isEmpty();
    assertThat(strict.on(recorded())).containsExactly("answer end", "record complete", "release");
  }

  @Test
  void aClientThatGoesCancelsTheRequest() {
    exchange.on(asked(), connected(false), request("as"));
    assertThat(exchange.on(new ExchangeEvent.ClientGone()))
        .containsExactly("close upstream", "record client_abort", "release");
    Dialogue early = new Dialogue(false);
    early.on(asked(), new ExchangeEvent.ClientGone());
    assertThat(early.on(connected(false))).containsExactly("close upstream");
  }

  @Test
  void whatRestsTooLongIsRefusedOrCutAndSoIsARestThatNeverComes() {
    exchange.on(asked(), connected(false), request("as"));
    assertThat(exchange.on(timedOut())).startsWith("close upstream", "refuse 504 and close");
    assertThat(exchange.on(timedOut())).containsExactly("cut client");
    Dialogue answering = new Dialogue(false);
    answering.on(asked(), connected(false), requestEnded(), answered(200));
    assertThat(answering.on(timedOut()))
        .containsExactly("close upstream", "cut client", "record timeout", "release");
  }
}
