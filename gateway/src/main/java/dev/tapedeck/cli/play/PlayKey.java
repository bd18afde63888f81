package dev.tapedeck.cli.play;

/** What a person wants of a recording that plays. */
enum PlayKey {
  PAUSE,
  STEP,
  BACK,
  FORWARD,
  FAR_BACK,
  FAR_FORWARD,
  BEGINNING,
  SUSPEND,
  QUIT,
  /** No key: the terminal says that it is well. It answers in order, so all before is answered. */
  ANSWERED
}
