"""A score taken apart: every contribution with the message that says it, and every gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from echo_core.matching import messages
from echo_core.matching.arrays import IMPORTANCES, FloatArray, IntArray, spans
from echo_core.matching.block import LEVELS
from echo_core.matching.circumstances import LANGUAGE_STATES, LOCATION_STATES, languages, locations
from echo_core.matching.claim_tables import fresh
from echo_core.matching.growth import Growth
from echo_core.matching.messages import THEY, Asking, Said, Speaks, Voice
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.profile import Profile
from echo_core.matching.registry import FEATURES, feature
from echo_core.matching.required_skills import RequiredSkills
from echo_core.matching.scorer import Scorer, Scores
from echo_core.matching.space import SkillSpace
from echo_core.model.message import Message

_ASSUMED, _EVIDENCE, _STEPS_UP = feature("assumed"), feature("evidence"), feature("steps_up")
_WANTED, _MISSING = feature("teaches_wanted"), feature("teaches_missing")
_LOCATION, _LANGUAGE, _HOURS, _START = feature("place"), feature("language"), feature("hours"), feature("start")
_CROWDED, _AVOIDS = feature("crowded"), feature("avoids")
_ASKED_AS: tuple[tuple[int, Literal["essential", "desired"]], ...] = ((0, "essential"), (1, "desired"))
"""Codes of `IMPORTANCES`, which are those of the features too."""
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
        person = PersonColumns([profile.facts], facts)
        where = locations(person, facts)[0].tolist()
        spoken = languages(person, facts)[0].tolist()
        stated = dict(zip(profile.skills.has.tolist(), profile.skills.level.tolist(), strict=True))
        congestion = self._scorer.congestion
        others = None if congestion is None else congestion.others(profile.facts.counted_in)[rows].tolist()
        required, points = self._required(rows), scores.contributions
        listed: list[list[Contribution]] = [[] for _ in rows]
        gaps: list[list[Missing]] = [[] for _ in rows]
        self._add_coverage(profile, stated, required, [self._noun(row) for row in rows.tolist()], points, listed, gaps)
        self._add_assumed(profile, required, points[_ASSUMED], listed)
        self._add_wishes(profile, stated, required, points, listed)
        self._add_evidence(profile, required, points[_EVIDENCE], listed)
        self._add_lessons(profile, stated, missing, required, points, listed)
        self._add_avoided(profile, required, points[_AVOIDS], listed)
        breakdowns = []
        each = zip(rows.tolist(), scores.total.tolist(), points.T.tolist(), listed, gaps, strict=True)
        for at, (row, total, parts, contributions, lacking) in enumerate(each):
            states = LOCATION_STATES[where[at]], LANGUAGE_STATES[spoken[at]]
            contributions.extend(self._preferences(profile, row, parts, *states))
            if parts[_CROWDED] < 0 and congestion is not None and others is not None:
                said = Said(messages.crowded(others[at], int(congestion.free[row])), "against")
                contributions.append(_part("crowded", said, parts[_CROWDED]))
            contributions.sort(key=lambda part: (-part.contribution, _ORDER[part.feature], part.skill or -1))
            lacking.sort(key=lambda gap: gap.importance != "essential")
            breakdowns.append(Breakdown(total, tuple(contributions), tuple(lacking)))
        return breakdowns

    def _required(self, rows: IntArray) -> RequiredSkills:
        """What these opportunities ask for and teach."""
        requirements = self._block.requirements
        position, entry = spans(self._block.starts, rows)
        skill, importance, level = requirements.skill[entry], requirements.importance[entry], requirements.level[entry]
        level_at = np.where(level > 0, level, self._unknown[importance])
        mass = self._block.idf[skill] * requirements.weight[entry] * self._importance[importance]
        return RequiredSkills(position, skill, importance, level, level_at, importance < 2, mass)

    def _add_coverage(
        self,
        profile: Profile,
        stated: dict[int, int],
        required: RequiredSkills,
        nouns: Sequence[str],
        points: FloatArray,
        listed: list[list[Contribution]],
        gaps: list[list[Missing]],
    ) -> None:
        """Adds what essential and desired skills brought to `listed`, and what they lack to `gaps`.

        A feature's contribution is shared out by what each skill brought to it, so the parts sum to the whole.
        """
        at = required.skill * LEVELS + required.level_at - 1
        cover, own = profile.coverage[at], profile.own_level[required.skill]
        titled = np.zeros(len(at), dtype=bool)
        if profile.assumed is not None:
            titled = (profile.assumed[at] > 0) & (points[_ASSUMED] > 0)[required.position]
        for code, importance in _ASKED_AS:
            counts = required.importance == code
            share = required.shares(required.mass * cover * counts, points[code])
            columns = (required.position, required.skill, required.level, own, cover, share, titled)
            for place, skill, level, has, covered, part, by_title in zip(
                *(column[counts].tolist() for column in columns), strict=True
            ):
                asking = Asking(nouns[place], importance, level)
                via: int | None = None
                if has and min(1.0, has / (level or self._unknown_requirement)) >= covered - 1e-12:
                    if part:
                        listed[place].append(self._has(stated, skill, asking, part))
                elif covered > 0:
                    via = self._via(profile, skill, level or self._unknown_requirement)
                    if part:
                        listed[place].append(self._has_near(stated, skill, asking, part, via))
                if covered < 1.0 - 1e-12:
                    title = profile.assumption.title if by_title and profile.assumption is not None else None
                    gaps[place].append(self._missing(stated, skill, asking, via, title))

    def _add_assumed(
        self, profile: Profile, required: RequiredSkills, points: FloatArray, listed: list[list[Contribution]]
    ) -> None:
        """What the title's role brought beyond the claims, skill by skill."""
        if profile.assumed is None or profile.assumption is None:
            return
        pull = required.mass * required.asks * profile.assumed[required.skill * LEVELS + required.level_at - 1]
        title, confidence = profile.assumption.title, profile.assumption.confidence
        for place, skill, level, part in _parts(required, pull, points):
            message = messages.assumed(self._voice, self._space.labels[skill], title, confidence)
            contribution = Contribution("assumed", message, part, skill, required_level=level or None, speaks="open")
            listed[place].append(contribution)

    def _add_evidence(
        self, profile: Profile, required: RequiredSkills, points: FloatArray, listed: list[list[Contribution]]
    ) -> None:
        """Which of the skills asked for have more behind them than the person's own word."""
        if not points.any():
            return
        # Of the very skill: `profile.strength` also has what stronger evidence for a neighbour lends it.
        evidence = np.zeros(len(self._space))
        evidence[profile.skills.has] = profile.skills.strength
        backed = required.asks & (evidence[required.skill] > self._own_word + 1e-9)
        strong: dict[int, list[str]] = {}
        for place, skill in zip(required.position[backed].tolist(), required.skill[backed].tolist(), strict=True):
            strong.setdefault(place, []).append(self._space.labels[skill])
        for place in np.flatnonzero(points > 0).tolist():
            listed[place].append(_part("evidence", messages.backed(strong.get(place, [])), float(points[place])))

    def _add_wishes(
        self,
        profile: Profile,
        stated: dict[int, int],
        required: RequiredSkills,
        points: FloatArray,
        listed: list[list[Contribution]],
    ) -> None:
        """What the person wants of work."""
        skill, mass = required.skill, required.mass * required.asks
        for name, table, wanted in (
            ("wants_to_use", profile.use, profile.skills.use),
            ("wants_to_learn", profile.learn, profile.skills.learn),
            ("willing_to_teach", profile.teach, profile.skills.teach),
        ):
            for place, wish, _, part in _parts(required, mass * table[skill], points[feature(name)]):
                listed[place].append(self._wish(name, wanted, wish, part))
        if not points[_STEPS_UP].any():
            return
        beyond = 1.0 - profile.coverage[skill * LEVELS + required.level_at - 1]
        for place, wish, level, part in _parts(required, mass * profile.learn[skill] * beyond, points[_STEPS_UP]):
            message = messages.step_up(self._voice, self._space.labels[wish], stated.get(wish, 0), level)
            listed[place].append(Contribution("steps_up", message, part, wish))

    def _add_lessons(
        self,
        profile: Profile,
        stated: dict[int, int],
        missing: Growth,
        required: RequiredSkills,
        points: FloatArray,
        listed: list[list[Contribution]],
    ) -> None:
        """What is taught that the person wants, and what near roles miss."""
        if not (points[_WANTED].any() or points[_MISSING].any()):
            return
        skill = required.skill
        taught = required.mass * ~required.asks * self._fresh[profile.own_level[skill], required.level_at - 1]
        for place, lesson, _, part in _parts(required, taught * profile.learn[skill], points[_WANTED]):
            listed[place].append(self._wish("teaches_wanted", profile.skills.learn, lesson, part))
        for place, lesson, _, part in _parts(required, taught * missing.pressure[skill], points[_MISSING]):
            roles = int(missing.asked_by[lesson])
            message = messages.missing_nearby(self._voice, self._space.labels[lesson], stated.get(lesson), roles)
            listed[place].append(Contribution("teaches_missing", message, part, lesson))

    def _add_avoided(
        self, profile: Profile, required: RequiredSkills, points: FloatArray, listed: list[list[Contribution]]
    ) -> None:
        """What a wish to avoid took away."""
        for place, skill, _, part in _parts(required, required.mass * profile.avoid[required.skill], points):
            message = messages.avoids(self._voice, self._space.labels[skill])
            listed[place].append(Contribution("avoids", message, part, skill, speaks="against"))

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


def _parts(required: RequiredSkills, pull: FloatArray, points: FloatArray) -> Iterator[tuple[int, int, int, float]]:
    """The requirements that have a part in a feature's points: place of the opportunity, skill, level asked, part."""
    if not points.any():
        return iter(())
    share = required.shares(pull, points)
    with_part = np.flatnonzero(share)
    columns = (required.position, required.skill, required.level, share)
    return zip(*(column[with_part].tolist() for column in columns), strict=True)
