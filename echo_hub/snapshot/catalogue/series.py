"""What is too much alike to fill the top of a list: equal titles, parts of one series, things of one team."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from echo_core.matching.arrays import IntArray
from echo_core.model import LearningPath
from echo_hub.snapshot.catalogue.listing import Listing

_LONGEST = 400
"""Letters of a title that are read; what a feed puts behind them is no title."""
_CUT = re.compile(r"\s*(?::|\s[-–—|]\s|\().*$")
_PARTS = re.compile(
    r"\b(?:part|module|level|volume|vol|teil|del|partie|parte)?\s*(?:\d+(?:\.\d+)*|[ivx]{1,4})\s*$"
    r"|\b(?:basics|fundamentals|essentials|beginner|intermediate|advanced|introduction|intro)\s*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:introduction to|intro to|getting started with|advanced|intermediate|beginning)\s+", re.IGNORECASE
)


def series(title: str) -> str:
    """What is left of a title without the number, the level and the part: "Terraform II: modules" is "terraform"."""
    short = _OPENING.sub("", _CUT.sub("", title[:_LONGEST].casefold()).strip())
    before = ""
    while short and short != before:
        before, short = short, _PARTS.sub("", short).strip(" ,.-–")
    return short or before or title.casefold()


def diversity_groups(listings: Sequence[Listing]) -> IntArray:
    """Three rows of codes, one per listing: same title, same series, same team; -1 where there is none to share."""
    codes = np.full((3, len(listings)), -1, dtype=np.int64)
    seen: tuple[dict[tuple[str, str], int], ...] = ({}, {}, {})
    for listing in listings:
        record = listing.record
        title = record.title.casefold()
        above = (
            f"{listing.connection}:{record.parents[0]}" if isinstance(record, LearningPath) and record.parents else ""
        )
        names = [
            ("", title),
            (listing.kind, above or series(title)),
            ("", listing.departments[0] if listing.departments else ""),
        ]
        for which, (name, known) in enumerate(zip(names, seen, strict=True)):
            if name[1]:
                codes[which, listing.row] = known.setdefault(name, len(known))
    return codes
