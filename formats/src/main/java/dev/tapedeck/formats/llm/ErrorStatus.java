package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP status that an error has as an answer, for an error that came within a stream.
 *
 * @see <a href="https://docs.anthropic.com/en/api/errors">Anthropic: errors</a>
 * @see <a href="https://platform.openai.com/docs/guides/error-codes">OpenAI: error codes</a>
 * @see <a href="https://cloud.google.com/apis/design/errors">Google: errors</a>
 */
final class ErrorStatus {

  private static final int SERVER_ERROR = 500;

  private ErrorStatus() {}

  /** The status of an error object: by its code, its status or its type; 500 if none is known. */
  static int of(@Nullable Json error) {
    if (!(error instanceof Obj object)) {
      return error instanceof Str(String name) ? named(name).orElse(SERVER_ERROR) : SERVER_ERROR;
    }
    OptionalLong code = object.integer("code");
    if (code.isPresent() && code.getAsLong() >= 400 && code.getAsLong() <= 599) {
      return (int) code.getAsLong();
    }
    for (String member : new String[] {"code", "status", "type"}) {
      String name = object.string(member);
      OptionalInt status = name == null ? OptionalInt.empty() : named(name);
      if (status.isPresent()) {
        return status.getAsInt();
      }
    }
    return SERVER_ERROR;
  }

  private static OptionalInt named(String name) {
    int status =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "invalid_request_error",
              "invalid_argument",
              "failed_precondition",
              "out_of_range",
              "invalid_prompt",
              "context_length_exceeded" ->
              400;
          case "authentication_error", "unauthenticated", "invalid_api_key" -> 401;
          case "billing_error" -> 402;
          case "permission_error", "permission_denied" -> 403;
          case "not_found_error", "not_found", "model_not_found" -> 404;
          case "conflict_error", "already_exists", "aborted" -> 409;
          case "request_too_large" -> 413;
          case "rate_limit_error",
              "rate_limit_exceeded",
              "insufficient_quota",
              "resource_exhausted" ->
              429;
          case "cancelled" -> 499;
          case "api_error", "server_error", "internal", "unknown", "data_loss" -> 500;
          case "unimplemented" -> 501;
          case "unavailable", "server_is_overloaded", "slow_down" -> 503;
          case "timeout_error", "deadline_exceeded" -> 504;
          case "overloaded_error" -> 529;
          default -> digits(name);
        };
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /** A status written as text; 0 if it is none. */
  private static int digits(String name) {
    return name.matches("[45][0-9][0-9]") ? Integer.parseInt(name) : 0;
  }
}
