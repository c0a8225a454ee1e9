"""A score taken apart: every contribution with the message that says it, and every gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from echo_core.matching import messages
from echo_core.matching.arrays import IMPORTANCES, BoolArray, FloatArray, IntArray, spans
from echo_core.matching.block import LEVELS
from echo_core.matching.circumstances import LANGUAGE_STATES, LOCATION_STATES, language_states, location_states
from echo_core.matching.claim_tables import fresh
from echo_core.matching.growth import Growth
from echo_core.matching.messages import THEY, Asking, Said, Speaks, Voice
from echo_core.matching.profile import Profile
from echo_core.matching.registry import FEATURES, feature
from echo_core.matching.scorer import Scorer, Scores
from echo_core.matching.space import SkillSpace
from echo_core.model.message import Message

_ASSUMED, _EVIDENCE, _STEPS_UP = feature("assumed"), feature("evidence"), feature("steps_up")
_WANTED, _MISSING = feature("teaches_wanted"), feature("teaches_missing")
_LOCATION, _LANGUAGE, _HOURS, _START = feature("place"), feature("language"), feature("hours"), feature("start")
_CROWDED, _AVOIDS = feature("crowded"), feature("avoids")
_ORDER = {name: code for code, name in enumerate(FEATURES)}
_WISHES = {
    "wants_to_use": "reason-uses-wished",
    "wants_to_learn": "reason-practises-wished",
    "willing_to_teach": "reason-asks-help",
    "teaches_wanted": "reason-teaches-wished",
}
"""The message of each feature that meets a wish."""


class Contribution(NamedTuple):
    """One part of a score. `skill` is a row of the skill space; `via` the skill it counts through, where not itself.

    A contribution may be worth something and still not speak for the opportunity: `speaks` says which sign to show.
    """

    feature: str
    message: Message
    contribution: float
    skill: int | None = None
    has_level: int | None = None
    required_level: int | None = None
    via: int | None = None
    speaks: Speaks = "for"


class Missing(NamedTuple):
    """A skill that is asked for and not covered in full."""

    skill: int
    importance: Literal["essential", "desired"]
    has_level: int | None
    required_level: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A score and all it is made of. Contributions sum to `score` within 1e-9; only those that are not 0 are listed."""

    score: float
    contributions: tuple[Contribution, ...]
    gaps: tuple[Missing, ...]


class Explainer:
    """Takes one person's scores apart into messages.

    Args:
        noun: what an opportunity is ("job"), by block row.
        countries, languages: codes of the columns in the block's facts.
        voice: whom the messages speak to.
    """

    def __init__(
        self,
        scorer: Scorer,
        space: SkillSpace,
        noun: Callable[[int], str],
        countries: Sequence[str],
        languages: Sequence[str],
        voice: Voice = THEY,
    ) -> None:
        self._scorer = scorer
        self._block = scorer.block
        self._space = space
        self._noun = noun
        self._countries = countries
        self._languages = languages
        self._voice = voice
        self._fresh = fresh(scorer.weights)
        self._own_word = scorer.weights.number("evidence", "person")
        self._unknown_requirement = int(scorer.weights.number("level", "unknown_need"))
        taught = int(scorer.weights.number("level", "unknown_taught"))
        self._unknown: IntArray = np.array(
            [self._unknown_requirement, self._unknown_requirement, taught], dtype=np.int64
        )
        self._importance: FloatArray = np.array([scorer.weights.number("need", name) for name in IMPORTANCES])

    def speaking(self, voice: Voice) -> Explainer:
        """The same explainer, speaking to somebody else."""
        return Explainer(self._scorer, self._space, self._noun, self._countries, self._languages, voice)

    def explain(
        self, profile: Profile, missing: Growth, rows: IntArray, scores: Scores | None = None
    ) -> list[Breakdown]:
        """The breakdown of each of these rows, in the order given.

        Args:
            scores: those of these very rows, where they are known already.
        """
        scores = scores or self._scorer.score(profile, missing, rows)
        facts = self._block.facts.rows(rows)
        locations = location_states(profile.facts, facts).tolist()
        languages = language_states(profile.facts, facts).tolist()
        stated = dict(zip(profile.skills.has.tolist(), profile.skills.level.tolist(), strict=True))
        congestion = self._scorer.congestion
        others = None if congestion is None else congestion.others(profile.facts.counted_in)[rows].tolist()
        totals, every = scores.total.tolist(), scores.contributions.T.tolist()
        breakdowns = []
        for at, (row, required) in enumerate(zip(rows.tolist(), self._required(rows), strict=True)):
            parts = every[at]
            listed: list[Contribution] = []
            gaps: list[Missing] = []
            self._requirements(profile, stated, required, self._noun(row), parts, listed, gaps)
            listed.extend(self._assumed(profile, required, parts[_ASSUMED]))
            listed.extend(self._wishes(profile, stated, required, parts))
            listed.extend(self._teaching(profile, stated, missing, required, parts))
            states = LOCATION_STATES[locations[at]], LANGUAGE_STATES[languages[at]]
            listed.extend(self._preferences(profile, row, parts, *states))
            listed.extend(self._taken(profile, required, row, parts, None if others is None else others[at]))
            listed.sort(key=lambda part: (-part.contribution, _ORDER[part.feature], part.skill or -1))
            gaps.sort(key=lambda gap: gap.importance != "essential")
            breakdowns.append(Breakdown(totals[at], tuple(listed), tuple(gaps)))
        return breakdowns

    def _required(self, rows: IntArray) -> Iterator[_Required]:
        """What each of these rows asks for and teaches."""
        requirements = self._block.requirements
        position, requirement = spans(self._block.starts, rows)
        skill, importance, level = (
            requirements.skill[requirement],
            requirements.importance[requirement],
            requirements.level[requirement],
        )
        level_at = np.where(level > 0, level, self._unknown[importance])
        mass = self._block.idf[skill] * requirements.weight[requirement] * self._importance[importance]
        cuts = np.searchsorted(position, np.arange(len(rows) + 1)).tolist()
        for start, stop in pairwise(cuts):
            span = slice(start, stop)
            yield _Required(
                skill[span], importance[span], level[span], level_at[span], importance[span] < 2, mass[span]
            )

    def _requirements(
        self,
        profile: Profile,
        stated: dict[int, int],
        required: _Required,
        noun: str,
        parts: list[float],
        listed: list[Contribution],
        gaps: list[Missing],
    ) -> None:
        """Adds what essential and desired skills brought to `listed`, and what they lack to `gaps`.

        A feature's contribution is shared out by what each skill brought to it, so the parts sum to the whole.
        """
        at = required.skill * LEVELS + required.level_at - 1
        cover = profile.coverage[at]
        own = profile.own_level[required.skill]
        titled = np.zeros(len(at), dtype=bool)
        if profile.assumed is not None and parts[_ASSUMED] > 0:
            titled = profile.assumed[at] > 0
        for code in (0, 1):
            of_importance = required.importance == code
            if not of_importance.any():
                continue
            share = _share(required.mass * cover * of_importance, parts[code])
            columns = (required.skill, required.level, own, cover, share, titled)
            rows = zip(*(column[of_importance].tolist() for column in columns), strict=True)
            for skill, level, has, covered, part, by_title in rows:
                asking = Asking(noun, "essential" if code == 0 else "desired", level)
                via: int | None = None
                if has and min(1.0, has / (level or self._unknown_requirement)) >= covered - 1e-12:
                    if part:
                        listed.append(self._has(stated, skill, asking, part))
                elif covered > 0:
                    via = self._via(profile, skill, level or self._unknown_requirement)
                    if part:
                        listed.append(self._has_near(stated, skill, asking, part, via))
                if covered < 1.0 - 1e-12:
                    title = profile.assumption.title if by_title and profile.assumption is not None else None
                    gaps.append(self._missing(stated, skill, asking, via, title))

    def _assumed(self, profile: Profile, required: _Required, part: float) -> list[Contribution]:
        """What the title's role brought beyond the claims, skill by skill."""
        if profile.assumed is None or profile.assumption is None or part <= 0:
            return []
        share = _share(
            required.mass * required.asks * profile.assumed[required.skill * LEVELS + required.level_at - 1], part
        )
        title, confidence = profile.assumption.title, profile.assumption.confidence
        contributions = []
        for at in np.flatnonzero(share).tolist():
            skill = int(required.skill[at])
            message = messages.assumed(self._voice, self._space.labels[skill], title, confidence)
            level = int(required.level[at]) or None
            contributions.append(
                Contribution("assumed", message, float(share[at]), skill, required_level=level, speaks="open")
            )
        return contributions

    def _wishes(
        self, profile: Profile, stated: dict[int, int], required: _Required, parts: list[float]
    ) -> list[Contribution]:
        """Evidence, and what the person wants of work."""
        contributions: list[Contribution] = []
        skill, mass = required.skill, required.mass * required.asks
        if parts[_EVIDENCE] > 0:
            # Of the very skill: `profile.strength` also has what stronger evidence for a neighbour lends it.
            evidence = dict(zip(profile.skills.has.tolist(), profile.skills.strength.tolist(), strict=True))
            strong = [
                self._space.labels[number]
                for number in skill[required.asks].tolist()
                if evidence.get(number, 0.0) > self._own_word + 1e-9
            ]
            contributions.append(_part("evidence", messages.backed(strong), parts[_EVIDENCE]))
        for name, table, wanted in (
            ("wants_to_use", profile.use, profile.skills.use),
            ("wants_to_learn", profile.learn, profile.skills.learn),
            ("willing_to_teach", profile.teach, profile.skills.teach),
        ):
            part = parts[feature(name)]
            if part > 0:
                share = _share(mass * table[skill], part)
                contributions.extend(
                    self._wish(name, wanted, int(skill[at]), float(share[at])) for at in np.flatnonzero(share)
                )
        if parts[_STEPS_UP] > 0:
            beyond = 1.0 - profile.coverage[skill * LEVELS + required.level_at - 1]
            share = _share(mass * profile.learn[skill] * beyond, parts[_STEPS_UP])
            for at in np.flatnonzero(share).tolist():
                number, level = int(skill[at]), int(required.level[at])
                message = messages.step_up(self._voice, self._space.labels[number], stated.get(number, 0), level)
                contributions.append(Contribution("steps_up", message, float(share[at]), number))
        return contributions

    def _teaching(
        self, profile: Profile, stated: dict[int, int], missing: Growth, required: _Required, parts: list[float]
    ) -> list[Contribution]:
        """What is taught that the person wants, and what near roles miss."""
        contributions: list[Contribution] = []
        if not (parts[_WANTED] > 0 or parts[_MISSING] > 0):
            return contributions
        skill = required.skill
        taught = required.mass * ~required.asks * self._fresh[profile.own_level[skill], required.level_at - 1]
        if parts[_WANTED] > 0:
            share = _share(taught * profile.learn[skill], parts[_WANTED])
            contributions.extend(
                self._wish("teaches_wanted", profile.skills.learn, int(skill[at]), float(share[at]))
                for at in np.flatnonzero(share)
            )
        if parts[_MISSING] > 0:
            share = _share(taught * missing.pressure[skill], parts[_MISSING])
            for at in np.flatnonzero(share).tolist():
                number = int(skill[at])
                roles = int(missing.asked_by[number])
                message = messages.missing_nearby(self._voice, self._space.labels[number], stated.get(number), roles)
                contributions.append(Contribution("teaches_missing", message, float(share[at]), number))
        return contributions

    def _taken(
        self, profile: Profile, required: _Required, row: int, parts: list[float], others: float | None
    ) -> list[Contribution]:
        """What was taken away: by other people who fit, and by a wish to avoid."""
        contributions: list[Contribution] = []
        congestion = self._scorer.congestion
        if parts[_CROWDED] < 0 and congestion is not None and others is not None:
            said = Said(messages.crowded(others, int(congestion.free[row])), "against")
            contributions.append(_part("crowded", said, parts[_CROWDED]))
        if parts[_AVOIDS] < 0:
            share = _share(required.mass * profile.avoid[required.skill], parts[_AVOIDS])
            for at in np.flatnonzero(share).tolist():
                number = int(required.skill[at])
                message = messages.avoids(self._voice, self._space.labels[number])
                contributions.append(Contribution("avoids", message, float(share[at]), number, speaks="against"))
        return contributions

    def _has(self, stated: dict[int, int], skill: int, asking: Asking, contribution: float) -> Contribution:
        """The very skill that is asked for, at whatever level."""
        has = stated[skill]
        message = messages.has(self._voice, self._space.labels[skill], has, asking)
        return Contribution(asking.importance, message, contribution, skill, has or None, asking.level or None)

    def _has_near(
        self, stated: dict[int, int], skill: int, asking: Asking, contribution: float, via: int
    ) -> Contribution:
        """A skill that counts in part for the one asked for."""
        has, labels = stated[via], self._space.labels
        relation = self._space.relation(via, skill)
        message = messages.has_nearby(self._voice, labels[via], has, relation, labels[skill], asking)
        return Contribution(asking.importance, message, contribution, skill, has or None, asking.level or None, via)

    def _missing(
        self, stated: dict[int, int], skill: int, asking: Asking, via: int | None, title: str | None
    ) -> Missing:
        """What one requirement lacks, level or whole skill. `title` is the person's, where it suggests the skill."""
        label = self._space.labels[skill]
        if skill in stated:
            message = messages.below(label, stated[skill], asking)
        elif title is not None:
            message = messages.only_assumed(self._voice, label, title, asking)
        else:
            message = messages.lacks(self._voice, label, asking, None if via is None else self._space.labels[via])
        return Missing(skill, asking.importance, stated.get(skill) or None, asking.level or None, message)

    def _via(self, profile: Profile, skill: int, needed: int) -> int:
        """The skill a person has that covers this one best. Credit runs both ways, so a row serves as a column."""
        beside, credit = self._space.neighbours(skill)
        value = credit * np.minimum(1.0, profile.own_level[beside] / needed)
        return int(beside[int(np.argmax(value))])

    def _wish(self, feature: str, wanted: IntArray, skill: int, contribution: float) -> Contribution:
        """What is on a wish list, or next to something on it."""
        labels, name = self._space.labels, _WISHES[feature]
        if skill in wanted:
            return Contribution(
                feature, messages.wished(self._voice, name, labels[skill], None, "same"), contribution, skill
            )
        beside, credit = self._space.neighbours(skill)
        near = int(beside[int(np.argmax(credit * np.isin(beside, wanted)))])
        relation = self._space.relation(skill, near)
        message = messages.wished(self._voice, name, labels[skill], labels[near], relation)
        return Contribution(feature, message, contribution, skill, via=near)

    def _preferences(
        self, profile: Profile, row: int, parts: list[float], location: str, language: str
    ) -> list[Contribution]:
        facts, person, voice = self._block.facts, profile.facts, self._voice
        contributions = []
        if parts[_LOCATION]:
            country = self._countries[person.country] if person.country >= 0 else None
            if location == "preferred":
                wished = [column for column in person.prefers_countries or () if facts.countries[row, column]]
                country = self._countries[wished[0]]
            said = messages.location(voice, location, country, remote=bool(facts.remote[row]))
            contributions.append(_part("place", said, parts[_LOCATION]))
        if parts[_LANGUAGE]:
            spoken = [self._languages[column] for column in person.languages if facts.languages[row, column]]
            said = messages.language(voice, language, spoken[0] if spoken else None)
            contributions.append(_part("language", said, parts[_LANGUAGE]))
        if parts[_HOURS]:
            hours = None if np.isnan(facts.hours[row]) else float(facts.hours[row])
            contributions.append(_part("hours", messages.hours(voice, hours, person.prefers_hours), parts[_HOURS]))
        if parts[_START]:
            day = 0 if facts.start is None else int(facts.start[row])
            contributions.append(_part("start", messages.start(voice, day), parts[_START]))
        return contributions


def _part(feature: str, said: Said, contribution: float) -> Contribution:
    """A contribution about no skill."""
    return Contribution(feature, said.message, contribution, speaks=said.speaks)


@dataclass(frozen=True, slots=True)
class _Required:
    """The requirements of an opportunity, side by side: skill, importance, level (0 unknown), level counted, weight."""

    skill: IntArray
    importance: IntArray
    level: IntArray
    level_at: IntArray
    asks: BoolArray
    mass: FloatArray


def _share(pull: FloatArray, total: float) -> FloatArray:
    """A total shared out in proportion to `pull`; nothing where nothing pulled."""
    whole = float(pull.sum())
    return pull * (total / whole) if whole > 0 and total else np.zeros_like(pull)
