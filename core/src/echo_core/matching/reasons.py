"""A score taken apart: every contribution with the message that says it, and every gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Literal

import numpy as np

from echo_core.matching import messages
from echo_core.matching.arrays import IMPORTANCES, FloatArray, IntArray, spans
from echo_core.matching.breakdown import Breakdown, Contribution, Missing, Pairs
from echo_core.matching.circumstances import LANGUAGE_STATES, LOCATION_STATES, languages, locations
from echo_core.matching.claim_tables import fresh
from echo_core.matching.growth import Growth
from echo_core.matching.messages import THEY, Asking, Said, Voice
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.profile import Profile
from echo_core.matching.registry import FEATURES, feature
from echo_core.matching.required_skills import RequiredSkills
from echo_core.matching.scorer import Person, Scorer, Scores, counted
from echo_core.matching.space import SkillSpace

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
_WISHED = (
    ("wants_to_use", attrgetter("use")),
    ("wants_to_learn", attrgetter("learn")),
    ("willing_to_teach", attrgetter("teach")),
)
"""Features that meet a wish, and what reads it: of a profile the table, of its claims the skills wished for."""


class Explainer:
    """Takes scores apart into messages: one person's of some opportunities, or some people's of one.

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
        self._lacked: dict[tuple[int, int, str, str], Missing] = {}
        self._importance: FloatArray = np.array([scorer.weights.number("need", name) for name in IMPORTANCES])

    def speaking(self, voice: Voice) -> Explainer:
        """The same explainer, speaking to somebody else."""
        return Explainer(self._scorer, self._space, self._noun, self._countries, self._languages, voice)

    def explain(
        self, profile: Profile, missing: Growth, rows: IntArray, scores: Scores | None = None
    ) -> list[Breakdown]:
        """The breakdown of each of these rows for one person, in the order given.

        Args:
            scores: those of these very rows, where they are known already.
        """
        person = Person(profile, missing)
        return self._explained([person], rows, scores or self._scorer.score(profile, missing, rows))

    def explain_people(self, people: Sequence[Person], row: int, scores: Scores | None = None) -> list[Breakdown]:
        """The breakdown of one row for each of these people, in the order given; `scores` as from `score_people`."""
        rows = np.full(len(people), row, dtype=np.int64)
        return self._explained(people, rows, scores or self._scorer.score_people(people, row)) if people else []

    def _explained(self, people: Sequence[Person], rows: IntArray, scores: Scores) -> list[Breakdown]:
        """The breakdown of each row for the one person there is, or for the person at its place."""
        where, spoken, others = self._circumstances(people, rows)
        pairs = Pairs.of(people, self._required(rows), [self._noun(row) for row in rows.tolist()], scores)
        self._add_coverage(pairs)
        self._add_assumed(pairs)
        self._add_wishes(pairs)
        self._add_evidence(pairs)
        self._add_lessons(pairs)
        self._add_avoided(pairs)
        breakdowns = []
        each = zip(rows.tolist(), scores.total.tolist(), pairs.points.T.tolist(), pairs.listed, pairs.gaps, strict=True)
        for at, (row, total, parts, contributions, lacking) in enumerate(each):
            states = LOCATION_STATES[where[at]], LANGUAGE_STATES[spoken[at]]
            contributions.extend(self._preferences(pairs.people[at].profile, row, parts, *states))
            if parts[_CROWDED] < 0 and self._scorer.congestion is not None:
                said = Said(messages.crowded(others[at], int(self._scorer.congestion.free[row])), "against")
                contributions.append(_part("crowded", said, parts[_CROWDED]))
            contributions.sort(key=lambda part: (-part.contribution, _ORDER[part.feature], part.skill or -1))
            lacking.sort(key=lambda gap: gap.importance != "essential")
            breakdowns.append(Breakdown(total, tuple(contributions), tuple(lacking)))
        return breakdowns

    def _circumstances(self, people: Sequence[Person], rows: IntArray) -> tuple[list[int], list[int], list[float]]:
        """By pair, the states of location and language, and how many others fit."""
        one_person, congestion = len(people) == 1, self._scorer.congestion
        facts = self._block.facts.rows(rows if one_person else rows[:1])
        columns = PersonColumns([person.profile.facts for person in people], facts)
        others = np.zeros(len(rows))
        if congestion is not None and one_person:
            others = congestion.others(people[0].profile.facts.counted_in)[rows]
        elif congestion is not None:
            row = int(rows[0])
            others = congestion.others_of_people(row, counted([person.profile for person in people], row))
        return locations(columns, facts).ravel().tolist(), languages(columns, facts).ravel().tolist(), others.tolist()

    def _required(self, rows: IntArray) -> RequiredSkills:
        """What these opportunities ask for and teach."""
        requirements = self._block.requirements
        position, entry = spans(self._block.starts, rows)
        skill, importance, level = requirements.skill[entry], requirements.importance[entry], requirements.level[entry]
        level_at = np.where(level > 0, level, self._unknown[importance])
        mass = self._block.idf[skill] * requirements.weight[entry] * self._importance[importance]
        return RequiredSkills(position, skill, importance, level, level_at, importance < 2, mass)

    def _add_coverage(self, pairs: Pairs) -> None:
        """Adds what essential and desired skills brought to `listed`, and what they lack to `gaps`.

        A feature's contribution is shared out by what each skill brought to it, so the parts sum to the whole.
        """
        required, points = pairs.required, pairs.points
        cover = pairs.has_at_level(lambda profile: profile.coverage)
        own = pairs.has(lambda profile: profile.own_level)
        titled = np.zeros(len(cover), dtype=bool)
        if points[_ASSUMED].any():
            titled = (pairs.has_at_level(_assumed) > 0) & (points[_ASSUMED] > 0)[required.position]
        for code, importance in _ASKED_AS:
            counts = required.importance == code
            share = required.shares(required.mass * cover * counts, points[code])
            columns = (required.position, required.skill, required.level, own, cover, share, titled)
            for place, skill, level, has, covered, part, by_title in zip(
                *(column[counts].tolist() for column in columns), strict=True
            ):
                if not (covered or by_title):  # most of what there is: nothing of it is there, whoever asks
                    pairs.gaps[place].append(self._lacking(skill, level, importance, pairs.nouns[place]))
                    continue
                asking = Asking(pairs.nouns[place], importance, level)
                profile, stated = pairs.people[place].profile, pairs.stated[place]
                via: int | None = None
                if has and min(1.0, has / (level or self._unknown_requirement)) >= covered - 1e-12:
                    if part:
                        pairs.listed[place].append(self._has(stated, skill, asking, part))
                elif covered > 0:
                    via = self._via(profile, skill, level or self._unknown_requirement)
                    if part:
                        pairs.listed[place].append(self._has_near(stated, skill, asking, part, via))
                if covered < 1.0 - 1e-12:
                    title = profile.assumption.title if by_title and profile.assumption is not None else None
                    pairs.gaps[place].append(self._missing(stated, skill, asking, via, title))

    def _add_assumed(self, pairs: Pairs) -> None:
        """What the title's role brought beyond the claims, skill by skill."""
        required, points = pairs.required, pairs.points[_ASSUMED]
        if not points.any():
            return
        pull = required.mass * required.asks * pairs.has_at_level(_assumed)
        for place, skill, level, part in _parts(required, pull, points):
            assumption = pairs.people[place].profile.assumption
            assert assumption is not None  # nobody else has points for it
            message = messages.assumed(self._voice, self._space.labels[skill], assumption.title, assumption.confidence)
            contribution = Contribution("assumed", message, part, skill, required_level=level or None, speaks="open")
            pairs.listed[place].append(contribution)

    def _add_evidence(self, pairs: Pairs) -> None:
        """Which of the skills asked for have more behind them than the person's own word."""
        required, points = pairs.required, pairs.points[_EVIDENCE]
        if not points.any():
            return
        backed = required.asks & (pairs.has(_own_evidence) > self._own_word + 1e-9)
        strong: dict[int, list[str]] = {}
        for place, skill in zip(required.position[backed].tolist(), required.skill[backed].tolist(), strict=True):
            strong.setdefault(place, []).append(self._space.labels[skill])
        for place in np.flatnonzero(points > 0).tolist():
            pairs.listed[place].append(_part("evidence", messages.backed(strong.get(place, [])), float(points[place])))

    def _add_wishes(self, pairs: Pairs) -> None:
        """What the person wants of work."""
        required = pairs.required
        mass = required.mass * required.asks
        for name, wish_of in _WISHED:
            points = pairs.points[feature(name)]
            if not points.any():
                continue
            for place, wish, _, part in _parts(required, mass * pairs.has(wish_of), points):
                skills = pairs.people[place].profile.skills
                pairs.listed[place].append(self._wish(name, wish_of(skills), wish, part))
        points = pairs.points[_STEPS_UP]
        if not points.any():
            return
        beyond = 1.0 - pairs.has_at_level(lambda profile: profile.coverage)
        pull = mass * pairs.has(lambda profile: profile.learn) * beyond
        for place, wish, level, part in _parts(required, pull, points):
            message = messages.step_up(self._voice, self._space.labels[wish], pairs.stated[place].get(wish, 0), level)
            pairs.listed[place].append(Contribution("steps_up", message, part, wish))

    def _add_lessons(self, pairs: Pairs) -> None:
        """What is taught that the person wants, and what near roles miss."""
        required, wanted, missing = pairs.required, pairs.points[_WANTED], pairs.points[_MISSING]
        if not (wanted.any() or missing.any()):
            return
        own = pairs.has(lambda profile: profile.own_level)
        taught = required.mass * ~required.asks * self._fresh[own, required.level_at - 1]
        for place, lesson, _, part in _parts(required, taught * pairs.has(lambda profile: profile.learn), wanted):
            wished = pairs.people[place].profile.skills.learn
            pairs.listed[place].append(self._wish("teaches_wanted", wished, lesson, part))
        if not missing.any():
            return
        pressure = required.has([person.missing.pressure for person in pairs.people[: len(pairs.profiles)]])
        for place, lesson, _, part in _parts(required, taught * pressure, missing):
            roles = int(pairs.people[place].missing.asked_by[lesson])
            stated = pairs.stated[place].get(lesson)
            message = messages.missing_nearby(self._voice, self._space.labels[lesson], stated, roles)
            pairs.listed[place].append(Contribution("teaches_missing", message, part, lesson))

    def _add_avoided(self, pairs: Pairs) -> None:
        """What a wish to avoid took away."""
        required, points = pairs.required, pairs.points[_AVOIDS]
        if not points.any():
            return
        for place, skill, _, part in _parts(required, required.mass * pairs.has(lambda profile: profile.avoid), points):
            message = messages.avoids(self._voice, self._space.labels[skill])
            pairs.listed[place].append(Contribution("avoids", message, part, skill, speaks="against"))

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

    def _lacking(self, skill: int, level: int, importance: Literal["essential", "desired"], noun: str) -> Missing:
        """What somebody lacks who has nothing of a skill: the same for everybody, and made once."""
        key = skill, level, importance, noun
        missing = self._lacked.get(key)
        if missing is None:
            missing = self._lacked[key] = self._missing({}, skill, Asking(noun, importance, level), None, None)
        return missing

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


def _assumed(profile: Profile) -> FloatArray:
    return np.zeros_like(profile.coverage) if profile.assumed is None else profile.assumed


def _own_evidence(profile: Profile) -> FloatArray:
    """The evidence of the very skills: `strength` also has what stronger evidence for a neighbour lends one."""
    evidence = np.zeros(len(profile.own_level))
    evidence[profile.skills.has] = profile.skills.strength
    return evidence


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
