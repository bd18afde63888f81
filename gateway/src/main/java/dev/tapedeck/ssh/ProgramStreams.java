package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.pump.Pump;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What passes between one program and its client, each direction with a {@link Pump}. */
final class ProgramStreams {

  private final Connection connection;
  private final SessionChannel channel;
  private final SandboxProcess program;
  private final Tap tap;

  ProgramStreams(Connection connection, SessionChannel channel, SandboxProcess program, Tap tap) {
    this.connection = connection;
    this.channel = channel;
    this.program = program;
    this.tap = tap;
  }

  /**
   * Runs the pumps until the program's output has ended.
   *
   * @param err null where the program has a terminal, and no output but one
   * @param sftp whether the client may ask ahead no further than its answers are taken
   * @throws IOException if something could not be recorded under the strict policy
   */
  void carry(InputQueue input, OutputStream out, @Nullable OutputStream err, boolean sftp)
      throws IOException, InterruptedException {
    RequestsAhead ahead = new RequestsAhead();
    if (!sftp) {
      ahead.end();
    }
    CompletableFuture<Void> output =
        outgoing(
                "output",
                program.output()::read,
                tap::output,
                chunk -> {
                  ahead.answered(chunk);
                  send(connection, out, chunk);
                })
            .whenComplete((_, _) -> ahead.end());
    CompletableFuture<Void> errors =
        err == null
            ? CompletableFuture.completedFuture(null)
            : outgoing(
                "error", program.error()::read, tap::error, chunk -> send(connection, err, chunk));
    ProgramInput into = new ProgramInput(program, channel);
    pump(
            "input",
            input,
            this::record,
            chunk -> {
              ahead.awaitRoom();
              ahead.asked(chunk);
              into.write(chunk);
            })
        .whenComplete((_, _) -> into.close());
    try {
      CompletableFuture.allOf(output, errors).get();
    } catch (ExecutionException e) {
      if (!channel.isClosing()) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }

  /** What may not pass unrecorded ends the session, whichever way it goes. */
  private void record(Bytes sent) throws IOException {
    try {
      tap.input(sent, program.echo());
    } catch (IOException e) {
      connection.end(e.getMessage() == null ? e.toString() : e.getMessage());
      throw e;
    }
  }

  /**
   * One of the program's outputs. If it fails, the client is gone or strict recording failed:
   * either way the program has nobody to talk to, and would wait for its other output to be read.
   */
  private CompletableFuture<Void> outgoing(
      String direction, Pump.Source source, Pump.Step record, Pump.Step forward) {
    return pump(direction, source, record, forward)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            program.close();
          }
        });
  }

  private CompletableFuture<Void> pump(
      String direction, Pump.Source source, Pump.Step record, Pump.Step forward) {
    String name = direction + "-" + channel.getChannelId();
    return new Pump(name, source, record, forward, connection.stallWatch()).start();
  }

  /** Sends something to the client, when it has taken most of what was sent before. */
  static void send(Connection connection, OutputStream client, Bytes chunk) throws IOException {
    connection.touch();
    client.write(chunk.array(), chunk.offset(), chunk.length());
    client.flush();
    connection.awaitRoom();
  }
}
