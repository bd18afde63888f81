package dev.tapedeck.api.redaction;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.BodyCoding;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.llm.BodyShape;
import dev.tapedeck.formats.llm.Protocol;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of one exchange's events: {@link #of} is for one thread, {@link #know} for any.
 *
 * <p>What a header, a cookie or the address held as a credential is looked for in everything else
 * of the exchange: an upstream may repeat a wrong key in its error.
 */
public final class Redaction {

  /** Bodies of token endpoints are kept until they are whole, or longer than this. */
  private static final int MAX_TOKEN_BODY_BYTES = 1024 * 1024;

  private final SecretSearches searches;
  private final SecretNames names;
  private final Set<String> known = new LinkedHashSet<>();

  /** For all that is known; null until it is needed, for much becomes known at a time. */
  private volatile @Nullable SecretSearch search = SecretSearch.NOTHING;

  private final Map<Side, Part> parts = new EnumMap<>(Side.class);
  private boolean tokens;
  private Protocol protocol = Protocol.UNKNOWN;

  /** What is known of one side's body. */
  private static final class Part {
    @Nullable BodyRedaction flow;

    /**
     * Makes the flow when the body's first bytes tell its coding; null if there is none to make.
     */
    @Nullable Function<byte[], BodyRedaction> opening;

    /** What came before that. */
    final List<HttpEvent.Body> held = new ArrayList<>();

    /** The flow, with what was held. */
    List<HttpEvent> open() {
      Function<byte[], BodyRedaction> open = opening;
      if (open == null) {
        return List.of();
      }
      opening = null;
      ByteArrayOutputStream start = new ByteArrayOutputStream();
      held.forEach(body -> start.writeBytes(body.data().toArray()));
      BodyRedaction made = open.apply(start.toByteArray());
      flow = made;
      return held.stream().flatMap(body -> made.body(body).stream()).toList();
    }

    /** Whether what is held does not tell yet what the body is. */
    boolean isOpen() {
      ByteArrayOutputStream start = new ByteArrayOutputStream();
      held.forEach(body -> start.writeBytes(body.data().toArray()));
      byte[] bytes = start.toByteArray();
      return bytes.length < BodyCoding.START_BYTES
          || (BodyCoding.of(fields, bytes).isEmpty() && BodyShape.isOpen(bytes, 0, bytes.length));
    }

    /** A token endpoint's body so far; null if this is none. */
    @Nullable ByteArrayOutputStream whole;

    List<HarField> fields = List.of();
  }

  /**
   * Nothing is known yet.
   *
   * @param searches shared by exchanges
   * @param names what credentials are called
   */
  public Redaction(SecretSearches searches, SecretNames names) {
    this.searches = searches;
    this.names = names;
  }

  /** From now on this is a secret, too. */
  public void know(String secret) {
    synchronized (known) {
      if (secret.length() >= SecretSearch.MIN_BYTES
          && !RedactionMark.isMark(secret)
          && known.add(secret)) {
        search = null;
      }
    }
  }

  /** The value of one of the request's header fields, without the credentials of any of them. */
  public String clean(List<HttpHeader> request, String value) {
    request.forEach(header -> HeaderRedaction.clean(header, names, this::know));
    return search().clean(value);
  }

  private SecretSearch search() {
    SecretSearch made = search;
    if (made == null) {
      synchronized (known) {
        made = search;
        if (made == null) {
          made = searches.of(known);
          search = made;
        }
      }
    }
    return made;
  }

  /** What may be recorded of an event, in order. */
  public List<HttpEvent> of(HttpEvent event) {
    return switch (event) {
      case HttpEvent.Requested requested -> List.of(requested(requested));
      case HttpEvent.Answered answered -> List.of(answered(answered));
      case HttpEvent.Body body -> body(body);
      case HttpEvent.Missing missing -> missing(missing);
      case HttpEvent.BodyEnded ended -> and(end(ended.side(), ended.exchange()), ended);
      case HttpEvent.Finished finished -> finished(finished);
      case HttpEvent.Connected connected -> List.of(connected);
      case HttpEvent.Interim interim ->
          List.of(
              new HttpEvent.Interim(
                  interim.exchange(), interim.status(), headers(interim.headers())));
      case HttpEvent.Trailers trailers ->
          List.of(
              new HttpEvent.Trailers(
                  trailers.exchange(), trailers.side(), headers(trailers.headers())));
    };
  }

  private HttpEvent requested(HttpEvent.Requested event) {
    tokens = TokenEndpoint.is(event.url());
    protocol = Protocol.of(event.url());
    String url = AddressRedaction.clean(event.url(), names, this::know);
    List<HttpHeader> headers = headers(event.headers());
    begin(Side.REQUEST, event.exchange(), event.headers());
    return new HttpEvent.Requested(
        event.exchange(),
        event.time(),
        event.upstream(),
        event.method(),
        search().clean(url),
        event.version(),
        headers);
  }

  private HttpEvent answered(HttpEvent.Answered event) {
    List<HttpHeader> headers = headers(event.headers());
    begin(Side.RESPONSE, event.exchange(), event.headers());
    return new HttpEvent.Answered(
        event.exchange(), event.status(), search().clean(event.reason()), event.version(), headers);
  }

  private List<HttpHeader> headers(List<HttpHeader> headers) {
    List<HttpHeader> clean =
        headers.stream().map(header -> HeaderRedaction.clean(header, names, this::know)).toList();
    SecretSearch all = search();
    return clean.stream()
        .map(header -> new HttpHeader(header.name(), all.clean(header.value())))
        .toList();
  }

  private void begin(Side side, long exchange, List<HttpHeader> headers) {
    List<HarField> fields =
        headers.stream().map(header -> new HarField(header.name(), header.value())).toList();
    Part part = new Part();
    part.fields = fields;
    if (tokens) {
      part.whole = new ByteArrayOutputStream();
    } else {
      part.opening =
          start -> {
            String coding = BodyCoding.of(fields, start);
            // Of a body without one the pieces come as they were held: together they tell.
            Optional<FieldRedaction> known =
                coding.isEmpty() ? credentials(side, start) : Optional.empty();
            return new BodyRedaction(
                exchange,
                side,
                coding,
                first -> coding.isEmpty() ? known : credentials(side, first),
                this::search);
          };
    }
    parts.put(side, part);
  }

  /**
   * What finds credentials by their names in a body that begins so; a stream of events has none.
   */
  private Optional<FieldRedaction> credentials(Side side, byte[] start) {
    BodyShape shape = BodyShape.of(start, 0, start.length);
    return switch (shape) {
      case EVENTS -> Optional.empty();
      case OBJECT ->
          side == Side.RESPONSE && shape.mayBeLines(protocol)
              ? Optional.empty()
              : Optional.of(new CredentialFields(names, this::know));
      case ARRAY -> Optional.of(new CredentialFields(names, this::know));
      case OTHER -> side == Side.RESPONSE ? Optional.empty() : Optional.of(form(start));
    };
  }

  private FieldRedaction form(byte[] start) {
    boolean multipart = start.length > 1 && start[0] == '-' && start[1] == '-';
    return multipart ? new MultipartFields(names, this::know) : new FormFields(names, this::know);
  }

  private List<HttpEvent> body(HttpEvent.Body body) {
    Part part = part(body.side());
    ByteArrayOutputStream whole = part.whole;
    if (whole != null) {
      Bytes data = body.data();
      int room = Math.min(data.length(), MAX_TOKEN_BODY_BYTES - whole.size());
      whole.write(data.array(), data.offset(), room);
      return List.of();
    }
    if (part.opening != null) {
      part.held.add(
          new HttpEvent.Body(body.exchange(), body.side(), body.data().copy(), body.plain()));
      return part.isOpen() ? List.of() : part.open();
    }
    return part.flow == null ? List.of() : part.flow.body(body);
  }

  private List<HttpEvent> missing(HttpEvent.Missing missing) {
    Part part = part(missing.side());
    List<HttpEvent> events = new ArrayList<>(part.open());
    BodyRedaction flow = part.flow;
    events.addAll(flow == null ? List.of(missing) : flow.missing(missing));
    return events;
  }

  private List<HttpEvent> finished(HttpEvent.Finished finished) {
    List<HttpEvent> events = new ArrayList<>();
    for (Side side : Side.values()) {
      events.addAll(end(side, finished.exchange()));
    }
    String error = finished.error();
    events.add(
        new HttpEvent.Finished(
            finished.exchange(), finished.end(), error == null ? null : search().clean(error)));
    return events;
  }

  private List<HttpEvent> end(Side side, long exchange) {
    Part part = parts.remove(side);
    if (part == null) {
      return List.of();
    }
    List<HttpEvent> last = new ArrayList<>(part.open());
    if (part.flow != null) {
      last.addAll(part.flow.end());
      return last;
    }
    byte[] clean = TokenEndpoint.clean(whole(part), names, this::know);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    search().clean(clean, 0, clean.length, out);
    return out.size() == 0
        ? List.of()
        : List.of(
            new HttpEvent.Body(exchange, side, Bytes.of(out.toByteArray()), /* plain= */ true));
  }

  /** A token endpoint's body, decoded. */
  private static byte[] whole(Part part) {
    byte[] wire = part.whole == null ? new byte[0] : part.whole.toByteArray();
    String coding = BodyCoding.of(part.fields, wire);
    return coding.isEmpty() ? wire : BodyDecoder.decode(coding, wire, MAX_TOKEN_BODY_BYTES).bytes();
  }

  private static List<HttpEvent> and(List<HttpEvent> events, HttpEvent last) {
    List<HttpEvent> all = new ArrayList<>(events);
    all.add(last);
    return all;
  }

  private Part part(Side side) {
    return parts.computeIfAbsent(side, _ -> new Part());
  }
}
