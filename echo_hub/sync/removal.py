"""When absent means removed, and when a person is asked first. Pure."""

from __future__ import annotations

from typing import Literal

from echo_core.connectors.declaration import Stream, Window

FLOOR = 5
"""So many removals never need a person, whatever their share."""


def may_sweep(stream: Stream, window: Window, *, full: bool) -> bool:
    """Whether a run over this window lists everything, so that what it did not meet is gone.

    A snapshot does whenever it reads from the beginning; a stream whose source cannot list removals, when a full read
    was asked for. A tombstone stream is told, and never sweeps.
    """
    if window.since is not None:
        return False
    return stream.removal == "snapshot" or (full and stream.removal in {"flagged", "none"})


Verdict = Literal["nothing", "remove", "empty", "many", "keyless"]


def verdict(missing: int, live: int, read: int, max_ratio: float, *, keyless: bool = False) -> Verdict:
    """What to do about records a complete run did not meet.

    Args:
        missing: live records it did not meet.
        live: records that were live before it.
        read: raw records the source sent, quarantined ones included.
        max_ratio: the share of `live` that may go without a person's consent.
        keyless: it rejected records whose keys it could not read: any of the missing may be among them.
    """
    if missing == 0:
        return "nothing"
    if read == 0:
        return "empty"
    if missing > FLOOR and missing > max_ratio * live:
        return "many"
    if keyless:
        return "keyless"
    return "remove"
