"""What keeps two people from being paired beside the rules of the offer: no common language, clocks too far apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.profile import Profile

_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class PairingSide:
    """One side of the pool, one value per person. `languages` is people × languages; `zone` a row of the gaps or -1.

    `languages_known` is False where nobody recorded any, which shuts nobody out.
    """

    person: IntArray
    languages: BoolArray
    languages_known: BoolArray
    zone: IntArray

    def __len__(self) -> int:
        return len(self.person)


def zone_gaps(zones: Sequence[str], day: date) -> FloatArray:
    """Hours between the clocks of every two time zones (IANA names), zones × zones; NaN beside an unknown zone.

    Summer time comes and goes on different days, or at opposite ends of the year, so the gap of two zones is the
    widest on the first day of any of the twelve months from `day` on. Clocks go round: Honolulu and Auckland are 22
    or 23 hours apart by date, and one or two for a meeting.
    """
    months = [(day.year + (day.month - 1 + step) // 12, (day.month - 1 + step) % 12 + 1) for step in range(12)]
    noons = [datetime(year, month, 1, 12, tzinfo=UTC) for year, month in months]
    offsets = np.full((len(noons), len(zones)), np.nan)
    for column, name in enumerate(zones):
        if (zone := _zone(name)) is not None:
            for row, noon in enumerate(noons):
                offset = noon.astimezone(zone).utcoffset()
                offsets[row, column] = np.nan if offset is None else offset.total_seconds() / 3600
    apart = np.abs(offsets[:, :, None] - offsets[:, None, :]) % _HOURS
    widest: FloatArray = np.minimum(apart, _HOURS - apart).max(axis=0)
    return widest


def _zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, None for a word that is none ("CET/CEST", "HQ time")."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def hours_apart(gaps: FloatArray, zone: IntArray | int, others: IntArray) -> FloatArray:
    """Hours between people's clocks by their zone rows; NaN where either zone is not known."""
    if not gaps.size:
        return np.full(np.broadcast(zone, others).shape, np.nan)
    known = np.logical_and(np.greater_equal(zone, 0), np.greater_equal(others, 0))
    return np.where(known, gaps[np.maximum(zone, 0), np.maximum(others, 0)], np.nan)


def too_far(gaps: FloatArray, mentee: int, mentees: PairingSide, mentors: PairingSide, most: float) -> BoolArray:
    """For every mentor, whether the two clocks are more than `most` hours apart; never where a zone is not known."""
    return np.greater(np.nan_to_num(hours_apart(gaps, int(mentees.zone[mentee]), mentors.zone), nan=0.0), most)


def speechless(mentee: int, mentees: PairingSide, mentors: PairingSide) -> BoolArray:
    """For every mentor, whether the two are known to have no language in common."""
    shared = mentors.languages[:, mentees.languages[mentee]].any(axis=1)
    known = mentors.languages_known & bool(mentees.languages_known[mentee])
    return np.logical_and(known, np.logical_not(shared))


def teaches_wanted(mentee: Profile, offers: OpportunityBlock) -> tuple[BoolArray, BoolArray]:
    """For every offer, whether it teaches a skill the mentee wants (or one near it), and whether above the mentee's
    own level: nobody mentors a peer."""
    above = mentee.own_level[:, None] < np.arange(1, LEVELS + 1)
    wanted = np.repeat(mentee.learn, LEVELS)
    return offers.taught @ wanted > 0, offers.taught @ (wanted * above.ravel()) > 0
