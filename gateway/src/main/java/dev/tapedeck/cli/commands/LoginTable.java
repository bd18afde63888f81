package dev.tapedeck.cli.commands;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.SessionId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** Attempts to log in as {@code ls --logins} prints them. */
final class LoginTable {

  private LoginTable() {}

  static void print(List<LoginAttempt> logins, boolean json, Console console) {
    if (json) {
      logins.forEach(login -> console.line(row(login)));
      return;
    }
    if (logins.isEmpty()) {
      console.hint("No logins like that.");
      return;
    }
    Table table = new Table("TIME", "SOURCE", "USER", "METHOD", "OUTCOME", "CLIENT", "SESSION");
    for (LoginAttempt login : logins) {
      SessionId session = login.session();
      table.row(
          Ls.local(login.time()),
          login.source(),
          login.user(),
          login.method(),
          outcome(login),
          Objects.requireNonNullElse(login.clientVersion(), "-"),
          session == null ? "-" : session.toString());
    }
    table.print(console);
  }

  private static String outcome(LoginAttempt login) {
    return login.outcome().name().toLowerCase(Locale.ROOT);
  }

  private static String row(LoginAttempt login) {
    SessionId session = login.session();
    JsonMapper mapper = JsonMapper.shared();
    return mapper.writeValueAsString(
        mapper
            .createObjectNode()
            .put("time", login.time().toString())
            .put("source", login.source())
            .put("user", login.user())
            .put("method", login.method())
            .put("outcome", outcome(login))
            .put("fingerprint", login.fingerprint())
            .put("client_version", login.clientVersion())
            .put("session", session == null ? null : session.toString()));
  }
}
