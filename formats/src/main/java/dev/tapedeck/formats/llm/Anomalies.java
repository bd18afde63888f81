package dev.tapedeck.formats.llm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was odd about a stream: each thing once, with where it was first and how often. */
final class Anomalies {

  /** A name that came from outside is cut to this many characters. */
  private static final int MAX_NAME_CHARS = 80;

  private record Place(long event, long times) {
    Place again() {
      return new Place(event, times + 1);
    }
  }

  private final Map<String, Place> places = new LinkedHashMap<>();
  private long more;

  /** Notes something about an event; 0 stands for the stream as a whole. */
  void note(long event, String what) {
    Place place = places.get(what);
    if (place != null) {
      places.put(what, place.again());
    } else if (places.size() < MessageAccumulator.MAX_ANOMALIES - 1) {
      places.put(what, new Place(event, 1));
    } else {
      more++;
    }
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  List<String> sentences() {
    List<String> all = new ArrayList<>();
    places.forEach((what, place) ->
        all.add(
            (place.event > 0 ? "event " + place.event + ": " : "")
                + what
                + (place.times > 1 ? " (" + place.times + " times)" : "")));
    if (more > 0) {
      all.add("and " + more + " more");
    }
    return all;
  }

  /** A name as a sentence can hold it. */
  static String quoted(String name) {
    return '"'
        + (name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS) + "...")
        + '"';
  }
}
