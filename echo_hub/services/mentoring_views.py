"""What every surface shows of mentoring: rounds, their pairs with reasons, who got no mentor and why, places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from echo_core.matching import Speaks
from echo_hub.services.views import Sentence, View


class RoundSettings(View):
    """What a round is for. Empty `country` and `department` take in everybody.

    `country` holds ISO 3166 alpha-2 codes and `department` names of units; both narrow the mentees, never the mentors.
    """

    country: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    time_zone_hours: Annotated[float, Field(ge=0, le=12, description="Hours two clocks may be apart, at most")] = 6.0
    most_pairs: Annotated[bool, Field(description="Pair as many as possible first; otherwise the best total")] = False
    mentee_limit: Annotated[int, Field(ge=1, le=5, description="Mentors one mentee may have at once")] = 1
    unstated_places: Annotated[int, Field(ge=0, le=50, description="Places of an offer that states none")] = 2
    assume_english: Annotated[bool, Field(description="Everyone is taken to understand English")] = True


class Colleague(View):
    """A person in a pair."""

    id: str
    name: str
    title: str | None = None
    org_unit: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReason(Sentence):
    """One addend of a pair's score. `side` says whose interest it is."""

    side: Literal["mentee", "mentor"]
    feature: str
    contribution: float
    skill: str | None = None
    speaks: Speaks = "for"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairNote(Sentence):
    """What to know of a pair beside its score: languages and clocks. `speaks` is "open" where it is not known."""

    speaks: Speaks = "for"


class PairView(View):
    """A mentor and a mentee. Contributions of `reasons` sum to `score` within 1e-9; `notes` count for nothing.

    `mentee_score` and `mentor_score` (0..1) are what each side scored; `score` is their geometric mean.
    """

    id: int
    round_id: int
    mentor: Colleague
    mentee: Colleague
    offer_id: str
    offer: str
    score: float
    mentee_score: float
    mentor_score: float
    reasons: tuple[PairReason, ...]
    notes: tuple[PairNote, ...]
    pinned: bool
    state: Literal["proposed", "removed", "active", "ended"]
    decided_by: str | None
    decided_at: datetime | None


class UnassignedView(View):
    """A mentee who got no mentor, and why."""

    mentee: Colleague
    reason: Sentence


class RoundView(View):
    """A round in a list."""

    id: int
    title: str
    state: Literal["draft", "published", "withdrawn"]
    settings: RoundSettings
    scorer_version: str
    created_by: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    pairs: int
    unassigned: int


class RoundDetail(View):
    """A round with everything in it."""

    round: RoundView
    pairs: tuple[PairView, ...]
    unassigned: tuple[UnassignedView, ...]


class CapacityView(View):
    """A mentor's places. `stated` is what the offers say, `decided` what a person set in the hub; the latter counts.

    `over` is how many live pairs the mentor has beyond that, which happens only when an offer shrinks afterwards.
    """

    mentor: Colleague
    stated: int
    decided: int | None
    set_by: str | None
    live: int
    free: int
    over: int
