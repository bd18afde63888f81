package dev.tapedeck.event;

/**
 * An event with its session, number, track and time.
 *
 * @param number from 1, rising within the session; shows a viewer what it missed
 * @param time nanoseconds since the session began, by a monotonic clock
 */
public record Frame(SessionId session, long number, TrackId track, long time, Event event) {}
