"""What every surface shows: one view model, rendered by the CLI, the pages and the API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from echo_core.matching import Speaks
from echo_core.model.message import Message

_Shown = TypeVar("_Shown")
Kind = Literal["job", "project", "mentorship", "learning_path"]
KINDS: tuple[Kind, ...] = ("job", "project", "mentorship", "learning_path")


class View(BaseModel):
    """A frozen thing to show."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Line:
    """A part of a view of which one page has hundreds: a frozen dataclass, so that a page is not mostly checks.

    Services make lines from values of these very types; what comes from outside is checked with the view around it.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Line):
    """Something to be said: `message` is which sentence and its values, `text` the sentence in the reader's language.

    Services leave `text` empty; the surface that answers fills it in from its catalogue, see
    `echo_hub.surfaces.messages.wording`.
    """

    message: Message
    text: str = ""


class InWords(Protocol):
    """Puts a view's sentences into words: what a surface hands to a service that keeps what was shown."""

    def __call__(self, shown: _Shown, /) -> _Shown:
        """The same view with every `text` filled in."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillSentence(Sentence):
    """A sentence about a skill.

    `confirmation` says who confirmed that the opportunity is about the skill, and when, where a person did;
    `confirmed` is that in words.
    """

    confirmation: Message | None = None
    confirmed: str | None = None

    @property
    def told(self) -> str:
        """The sentence with who confirmed the skill."""
        return f"{self.text} ({self.confirmed})" if self.confirmed else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(SkillSentence):
    """One named contribution to a score. Contributions of a card sum to its score within 1e-9.

    `feature` is one of the scorer's registered features. `speaks` says whether the sentence speaks for the
    opportunity, against it, or just says what is not known: a contribution can be worth a little in each case.
    """

    feature: str
    contribution: float
    speaks: Speaks = "for"
    skill_id: str | None = None
    skill: str | None = None
    has_level: int | None = None
    required_level: int | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(SkillSentence):
    """A skill the opportunity asks for that the person lacks, in part or whole."""

    skill_id: str
    skill: str
    importance: Literal["essential", "desired"]
    has_level: int | None
    required_level: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Sentence):
    """A hard rule and what it said. An open one may speak neither way: where something is not known, say."""

    name: str
    passed: bool
    speaks: Speaks = "open"


class Card(View):
    """An opportunity in a list. `score` (0..1) and `reasons` are there when the list is one person's.

    `id` can be pasted into any command, page or API call. `source` is the connection's name. `closed_gates` says
    why the person cannot take it up; a feed never holds such a card, a search does.
    """

    id: str
    kind: Kind
    title: str
    summary: str
    source: str
    source_url: str | None
    org_unit: str | None = None
    location: str | None = None
    countries: tuple[str, ...] = ()
    remote: Literal["on_site", "hybrid", "remote"] | None = None
    languages: tuple[str, ...] = ()
    hours_per_week: float | None = None
    minutes: float | None = None
    level: str | None = None
    starts_on: date | None = None
    posted_at: datetime | None = None
    seats: int | None = None
    seats_left: int | None = None
    owner: str | None = None
    skills: tuple[str, ...] = ()
    score: float | None = None
    rank: int | None = None
    reasons: tuple[Reason, ...] = ()
    gaps: tuple[Gap, ...] = ()
    closed_gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSkill(Line):
    """One claim to a skill on a profile: who says so, on what evidence, when, until when, in which record.

    `linked` is False for a name the skills graph does not know yet; `name` is the skill as the source calls it, `link`
    why that means this skill. A level that its person has corrected is `overruled`: theirs counts instead.
    """

    skill_id: str | None
    skill: str
    stance: str
    level: int | None
    asserter: str
    evidence: str | None
    source: str
    linked: bool
    name: str = ""
    link: Sentence | None = None
    record: str | None = None
    asserted_on: date | None = None
    valid_until: date | None = None
    overruled: bool = False


class CorrectionView(View):
    """What a person says about one of their skills: the level they have, or, without a level, "not me".

    `id` undoes it. `claims` are those that do not count because of it.
    """

    id: int
    skill_id: str | None
    skill: str
    stance: str
    level: int | None
    note: str
    decided_by: str
    decided_at: datetime
    claims: tuple[PersonSkill, ...] = ()


class PersonView(View):
    """A person as colleagues may see them. `skills` are the claims that count, `corrections` what they said of them."""

    id: str
    name: str
    title: str | None
    employee_id: str | None
    work_email: str | None
    org_unit: str | None
    location: str | None
    country: str | None
    time_zone: str | None
    manager: str | None
    worker_type: str
    status: str
    languages: tuple[str, ...] = ()
    skills: tuple[PersonSkill, ...] = ()
    sources: tuple[str, ...] = ()
    corrections: tuple[CorrectionView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount(Line):
    """How many results have this value."""

    value: str
    label: str
    count: int


class Filters(View):
    """What a person narrowed the list to. Values of one field are alternatives, fields are combined.

    `hours_max` is hours per week. `country` matches opportunities open to that country or to any.
    """

    kind: tuple[Kind, ...] = ()
    country: tuple[str, ...] = ()
    remote: tuple[Literal["on_site", "hybrid", "remote"], ...] = ()
    department: tuple[str, ...] = ()
    skill: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    hours_max: float | None = None

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        return any((self.kind, self.country, self.remote, self.department, self.skill, self.language, self.hours_max))


class Kept(View):
    """The receipt that was kept of this answer: its id, or the problem that kept it from being stored."""

    id: str | None = None
    problem: str | None = None


class ResultList(View):
    """One page of a feed or a search. `facets` is keyed by the filter's field name.

    `credits`, here and below, are the sentences to show beside the names of skills. `kinds` are those that are there
    for whoever looks. `unranked` says why nothing is matched: then the newest comes first, the same for everybody,
    and no card has a score or a reason.
    """

    person: PersonView | None
    query: str
    filters: Filters
    total: int
    offset: int
    limit: int
    cards: tuple[Card, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    kinds: tuple[Kind, ...] = KINDS
    unranked: Sentence | None = None
    credits: tuple[str, ...] = ()
    receipt: Kept | None = None


class Lesson(View):
    """Something open to the person that teaches a skill. `level` is None where its source states none."""

    id: str
    kind: Kind
    title: str
    level: int | None
    minutes: float | None
    owner: str | None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise(Sentence):
    """What having a skill at a level would do to a match: the very numbers a snapshot with it would give.

    Ranks count from 1 in the person's unfiltered list; None where the list does not hold the opportunity.
    """

    skill_id: str
    skill: str
    has_level: int | None
    level: int
    score_before: float
    score_after: float
    rank_before: int | None
    rank_after: int | None
    taught_by: tuple[Lesson, ...]


class Explanation(View):
    """Everything behind one person and one opportunity: gates first, then the score as a sum.

    `eligible` is False when a gate failed; the score is still shown, it just orders nothing. `raises` is None where
    it was not asked for, because it costs several lists.
    """

    person: PersonView
    card: Card
    description: str
    eligible: bool
    gates: tuple[Gate, ...]
    score: float
    scorer_version: str
    raises: tuple[Raise, ...] | None = None
    credits: tuple[str, ...] = ()
    receipt: Kept | None = None


class OpportunityView(View):
    """An opportunity on its own page."""

    card: Card
    description: str
    requirements: tuple[Gap, ...]
    teaches: tuple[str, ...]
    credits: tuple[str, ...] = ()
