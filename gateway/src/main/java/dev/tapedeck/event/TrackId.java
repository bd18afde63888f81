package dev.tapedeck.event;

/**
 * A track within its session.
 *
 * @param number from 1, in the order in which the session's tracks were opened
 */
public record TrackId(TrackType type, int number) {

  public TrackId {
    if (number < 1) {
      throw new IllegalArgumentException("tracks are numbered from 1, not " + number);
    }
  }

  /** The track's name, unique within its session: {@code exec-2}; {@code api}, for there is one. */
  public String name() {
    return type == TrackType.API ? type.label() : type.label() + "-" + number;
  }

  @Override
  public String toString() {
    return name();
  }
}
