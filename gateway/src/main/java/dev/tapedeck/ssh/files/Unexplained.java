package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What both sides sent and the protocol does not explain. */
final class Unexplained {

  final UnparsedBytes client = new UnparsedBytes("client");
  final UnparsedBytes server = new UnparsedBytes("server");

  /** What has come since the last call, as what passes between a command and its client. */
  List<Event> take() {
    List<Event> taken = new ArrayList<>(2);
    client.take().map(Event.Input::new).ifPresent(taken::add);
    server.take().map(Event.Output::new).ifPresent(taken::add);
    return taken;
  }

  /** In all, of the one and the other; to be called once. */
  List<FileOperation> operations(UnparsedBytes first, UnparsedBytes second) {
    return Stream.of(first, second).flatMap(unread -> unread.operation().stream()).toList();
  }
}
