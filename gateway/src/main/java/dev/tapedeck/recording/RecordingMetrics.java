package dev.tapedeck.recording;

import io.prometheus.metrics.core.metrics.Counter;

/** What is counted of recordings that could not be written as they should. */
final class RecordingMetrics {

  static final Counter GAPS =
      Counter.builder()
          .name("tapedeck_recording_gaps_total")
          .help("Times a recording lost something")
          .register();

  static final Counter LOST_BYTES =
      Counter.builder()
          .name("tapedeck_recording_lost_bytes_total")
          .help("Bytes that passed and are in no recording")
          .register();

  static final Counter STALLS =
      Counter.builder()
          .name("tapedeck_recording_stalls_total")
          .help("Times a disk did not answer within the stall limit")
          .register();

  private RecordingMetrics() {}
}
