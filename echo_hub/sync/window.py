"""Which change times a run covers, and where the watermark stands after it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from echo_core.connectors.declaration import Stream, Window

CLOCK_TOLERANCE = timedelta(hours=1)
"""A clock may be set back so far without anybody losing trust in what was read before."""
STREAM_LIMIT = timedelta(hours=6)
"""How long one stream may take, from its first request to its last page."""


def from_the_future(moment: datetime | None, now: datetime) -> bool:
    """Whether a bound was written by a clock that ran ahead: nothing read under it says what was seen until then."""
    return moment is not None and moment > now + CLOCK_TOLERANCE


def reading_window(stream: Stream, window: Window, now: datetime, *, sweeps: bool) -> Window:
    """What a connector is asked for.

    A run that removes what it does not meet must also meet what is edited while it reads, or within the lag: its upper
    bound lies after any end it may have. The watermark still becomes the bound of `window`.
    """
    if not sweeps or stream.watermark != "window":
        return window
    return Window(window.since, max(window.until, now + STREAM_LIMIT))


def next_window(stream: Stream, watermark: datetime | None, now: datetime, *, full: bool) -> Window:
    """The window of a new run.

    From the watermark minus the overlap up to now minus the lag; from the beginning for a first or full run and for
    streams without watermark. A clock that was set back a little never makes the upper bound fall behind the watermark;
    a watermark from the future says nothing about what was read.
    """
    until = now - stream.lag if stream.watermark == "window" else now
    if stream.watermark == "none" or watermark is None or from_the_future(watermark, now):
        return Window(None, until)
    until = max(until, watermark)
    return Window(None if full else watermark - stream.overlap, until)


def next_watermark(
    stream: Stream, watermark: datetime | None, window: Window, observed: datetime | None
) -> datetime | None:
    """The watermark after a complete window; never earlier than before.

    A vendor's time stamp from the future counts as the window's end: it would hide every change until then.
    """
    if stream.watermark == "none":
        return None
    reached = window.until if stream.watermark == "window" else observed
    if reached is None:
        return watermark
    reached = min(reached, window.until)
    return reached if watermark is None else max(reached, watermark)
