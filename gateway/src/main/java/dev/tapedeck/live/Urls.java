package dev.tapedeck.live;

/** Addresses as turns show them. */
final class Urls {

  private Urls() {}

  /** The path of an absolute URL, without query; the whole text if it is none. */
  static String path(String url) {
    int scheme = url.indexOf("://");
    int slash = scheme < 0 ? 0 : url.indexOf('/', scheme + "://".length());
    if (slash < 0) {
      return "/";
    }
    int query = url.indexOf('?', slash);
    return query < 0 ? url.substring(slash) : url.substring(slash, query);
  }
}
