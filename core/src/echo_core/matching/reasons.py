"""A score taken apart into sentences: every contribution with its words, and every gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from echo_core.matching import sentences
from echo_core.matching.arrays import IMPORTANCES, BoolArray, FloatArray, IntArray
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.features import LANGUAGE_STATES, PLACE_STATES, Growth, fresh, language_states, place_states
from echo_core.matching.profile import Profile
from echo_core.matching.registry import FEATURES, feature
from echo_core.matching.scorer import Scorer
from echo_core.matching.sentences import THEY, Voice
from echo_core.matching.space import SkillSpace

_ASSUMED, _EVIDENCE, _STEPS_UP = feature("assumed"), feature("evidence"), feature("steps_up")
_WANTED, _MISSING = feature("teaches_wanted"), feature("teaches_missing")
_PLACE, _LANGUAGE, _HOURS, _START = feature("place"), feature("language"), feature("hours"), feature("start")
_CROWDED, _AVOIDS = feature("crowded"), feature("avoids")


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part of a score. `skill` is a row of the skill space; `via` the skill it counts through, where not itself."""

    feature: str
    text: str
    contribution: float
    skill: int | None = None
    has_level: int | None = None
    needs_level: int | None = None
    via: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A skill that is asked for and not covered in full."""

    skill: int
    importance: Literal["essential", "desired"]
    has_level: int | None
    needs_level: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A score and all it is made of. Contributions sum to `score` within 1e-9; only those that are not 0 are listed."""

    score: float
    contributions: tuple[Contribution, ...]
    gaps: tuple[Missing, ...]


class Explainer:
    """Puts one person's scores into words.

    Args:
        noun: what to call an opportunity in a sentence ("the job"), by block row.
        countries, languages: names of the columns in the block's facts.
        voice: who the sentences speak to.
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
        self._own_word = scorer.weights.number("evidence", "person")
        self._unknown_need = int(scorer.weights.number("level", "unknown_need"))
        taught = int(scorer.weights.number("level", "unknown_taught"))
        self._unknown: IntArray = np.array([self._unknown_need, self._unknown_need, taught], dtype=np.int64)
        self._importance: FloatArray = np.array([scorer.weights.number("need", name) for name in IMPORTANCES])

    def speaking(self, voice: Voice) -> Explainer:
        """The same explainer, speaking to somebody else."""
        return Explainer(self._scorer, self._space, self._noun, self._countries, self._languages, voice)

    def explain(self, profile: Profile, missing: Growth, rows: IntArray) -> list[Breakdown]:
        """The breakdown of each of these rows, in the order given."""
        scores = self._scorer.score(profile, missing, rows)
        facts = self._block.facts.rows(rows)
        places = place_states(profile.facts, facts)
        languages = language_states(profile.facts, facts)
        stated = dict(zip(profile.skills.has.tolist(), profile.skills.level.tolist(), strict=True))
        new = fresh(self._scorer.weights)[profile.own_level]
        found = []
        for at, row in enumerate(rows.tolist()):
            parts = scores.contributions[:, at].tolist()
            asked = _Asked(self._block, row, self._importance, self._unknown)
            listed, gaps = self._needs(profile, stated, asked, self._noun(row), parts)
            listed.extend(self._assumed(profile, asked, parts[_ASSUMED]))
            listed.extend(self._wishes(profile, stated, asked, parts))
            listed.extend(self._teaching(profile, missing, asked, new, parts))
            states = PLACE_STATES[int(places[at])], LANGUAGE_STATES[int(languages[at])]
            listed.extend(self._preferences(profile, row, parts, *states))
            listed.extend(self._taken(profile, asked, row, parts))
            listed.sort(key=lambda part: (-part.contribution, FEATURES.index(part.feature), part.skill or -1))
            gaps.sort(key=lambda gap: gap.importance != "essential")
            found.append(Breakdown(float(scores.total[at]), tuple(listed), tuple(gaps)))
        return found

    def _needs(
        self, profile: Profile, stated: dict[int, int], asked: _Asked, noun: str, parts: list[float]
    ) -> tuple[list[Contribution], list[Missing]]:
        """What essential and desired skills brought, and what they lack.

        A feature's contribution is shared out by what each skill brought to it, so the parts sum to the whole.
        """
        found: list[Contribution] = []
        gaps: list[Missing] = []
        cover = profile.coverage[asked.skill * LEVELS + asked.level_at - 1]
        for code in (0, 1):
            mine = asked.importance == code
            if not mine.any():
                continue
            share = _share(asked.mass * cover * mine, parts[code])
            for at in np.flatnonzero(mine).tolist():
                skill, level = int(asked.skill[at]), int(asked.level[at])
                got, gap = self._need(profile, stated, skill, level, code, noun, float(share[at]), float(cover[at]))
                found.extend(got)
                gaps.extend(gap)
        return found, gaps

    def _assumed(self, profile: Profile, asked: _Asked, part: float) -> list[Contribution]:
        """What the title's role brought beyond the claims, skill by skill."""
        if profile.assumed is None or profile.assumption is None or part <= 0:
            return []
        share = _share(asked.mass * asked.asks * profile.assumed[asked.skill * LEVELS + asked.level_at - 1], part)
        title, confidence = profile.assumption.title, profile.assumption.confidence
        found = []
        for at in np.flatnonzero(share).tolist():
            skill = int(asked.skill[at])
            text = sentences.assumed(self._voice, self._space.labels[skill], title, confidence)
            level = int(asked.level[at]) or None
            found.append(Contribution("assumed", text, float(share[at]), skill, needs_level=level))
        return found

    def _wishes(
        self, profile: Profile, stated: dict[int, int], asked: _Asked, parts: list[float]
    ) -> list[Contribution]:
        """Evidence, and what the person wants of work."""
        found: list[Contribution] = []
        skill, mass = asked.skill, asked.mass * asked.asks
        if parts[_EVIDENCE] > 0:
            strong = [
                self._space.labels[one]
                for one in skill[asked.asks].tolist()
                if one in stated and profile.strength[one] > self._own_word + 1e-9
            ]
            found.append(Contribution("evidence", sentences.backed(self._voice, strong), parts[_EVIDENCE]))
        for name, table, verb, wish, wanted in (
            ("wants_to_use", profile.use, "Uses", "use", profile.skills.use),
            ("wants_to_learn", profile.learn, "Is a chance to practise", "learn", profile.skills.learn),
            ("willing_to_teach", profile.teach, "Asks for help with", "teach", profile.skills.teach),
        ):
            part = parts[feature(name)]
            if part > 0:
                share = _share(mass * table[skill], part)
                found.extend(
                    self._wish(name, verb, wish, wanted, int(skill[at]), float(share[at]))
                    for at in np.flatnonzero(share)
                )
        if parts[_STEPS_UP] > 0:
            beyond = 1.0 - profile.coverage[skill * LEVELS + asked.level_at - 1]
            share = _share(mass * profile.learn[skill] * beyond, parts[_STEPS_UP])
            for at in np.flatnonzero(share).tolist():
                one, level = int(skill[at]), int(asked.level_at[at])
                text = sentences.step_up(self._voice, self._space.labels[one], int(profile.own_level[one]), level)
                found.append(Contribution("steps_up", text, float(share[at]), one))
        return found

    def _teaching(
        self, profile: Profile, missing: Growth, asked: _Asked, new: FloatArray, parts: list[float]
    ) -> list[Contribution]:
        """What is taught that the person wants, and what near roles miss."""
        found: list[Contribution] = []
        skill = asked.skill
        taught = asked.mass * ~asked.asks * new[skill, asked.level_at - 1]
        if parts[_WANTED] > 0:
            share = _share(taught * profile.learn[skill], parts[_WANTED])
            found.extend(
                self._wish("teaches_wanted", "Teaches", "learn", profile.skills.learn, int(skill[at]), float(share[at]))
                for at in np.flatnonzero(share)
            )
        if parts[_MISSING] > 0:
            share = _share(taught * missing.pressure[skill], parts[_MISSING])
            for at in np.flatnonzero(share).tolist():
                one = int(skill[at])
                own, roles = int(profile.own_level[one]), int(missing.asked_by[one])
                text = sentences.missing_nearby(self._voice, self._space.labels[one], own, roles)
                found.append(Contribution("teaches_missing", text, float(share[at]), one))
        return found

    def _taken(self, profile: Profile, asked: _Asked, row: int, parts: list[float]) -> list[Contribution]:
        """What was taken away: by other people who fit, and by a wish to avoid."""
        found: list[Contribution] = []
        crowd = self._scorer.crowd
        if parts[_CROWDED] < 0 and crowd is not None:
            others = float(crowd.others(profile.facts.counted_in)[row])
            text = sentences.crowded(others, int(crowd.free[row]))
            found.append(Contribution("crowded", text, parts[_CROWDED]))
        if parts[_AVOIDS] < 0:
            share = _share(asked.mass * profile.avoid[asked.skill], parts[_AVOIDS])
            for at in np.flatnonzero(share).tolist():
                text = sentences.avoids(self._voice, self._space.labels[asked.skill[at]])
                found.append(Contribution("avoids", text, float(share[at]), int(asked.skill[at])))
        return found

    def _need(
        self,
        profile: Profile,
        stated: dict[int, int],
        skill: int,
        level: int,
        importance: int,
        noun: str,
        contribution: float,
        cover: float,
    ) -> tuple[list[Contribution], list[Missing]]:
        """What one need brought, and what it lacks."""
        name = IMPORTANCES[importance]
        word: Literal["essential", "desired"] = "essential" if importance == 0 else "desired"
        label = self._space.labels[skill]
        needed = level or self._unknown_need
        own = int(profile.own_level[skill])
        direct = min(1.0, own / needed)
        found: list[Contribution] = []
        gaps: list[Missing] = []
        via: int | None = None
        if own and direct >= cover - 1e-12:
            text = sentences.has(self._voice, label, stated[skill], sentences.asks(noun, name, level))
            found.append(Contribution(name, text, contribution, skill, stated[skill] or None, level or None))
        elif cover > 0:
            via = self._via(profile, skill, needed)
            relation = self._space.relation(via, skill)
            have = self._space.labels[via]
            text = sentences.has_nearby(self._voice, have, stated[via], relation, label, noun, name)
            found.append(Contribution(name, text, contribution, skill, stated[via] or None, level or None, via))
        if cover < 1.0 - 1e-12:
            if own:
                text = sentences.below(label, stated[skill], noun, name, level)
            else:
                text = sentences.lacks(label, noun, name, level, self._space.labels[via] if via is not None else None)
            gaps.append(Missing(skill, word, (stated.get(skill) or None) if own else None, level or None, text))
        return [part for part in found if part.contribution], gaps

    def _via(self, profile: Profile, skill: int, needed: int) -> int:
        """The skill a person has that covers this one best. Credit runs both ways, so a row serves as a column."""
        beside, credit = self._space.neighbours(skill)
        value = credit * np.minimum(1.0, profile.own_level[beside] / needed)
        return int(beside[int(np.argmax(value))])

    def _wish(
        self, feature: str, verb: str, wish: str, wanted: IntArray, skill: int, contribution: float
    ) -> Contribution:
        if skill in wanted:
            text = sentences.wished(self._voice, verb, self._space.labels[skill], None, "same", wish)
            return Contribution(feature, text, contribution, skill)
        beside, credit = self._space.neighbours(skill)
        near = int(beside[int(np.argmax(credit * np.isin(beside, wanted)))])
        relation = self._space.relation(skill, near)
        labels = self._space.labels
        text = sentences.wished(self._voice, verb, labels[skill], labels[near], relation, wish)
        return Contribution(feature, text, contribution, skill, via=near)

    def _preferences(
        self, profile: Profile, row: int, parts: list[float], place: str, language: str
    ) -> list[Contribution]:
        facts, person, voice = self._block.facts, profile.facts, self._voice
        found = []
        if parts[_PLACE]:
            country = self._countries[person.country] if person.country >= 0 else None
            if place == "preferred":
                wished = [column for column in person.prefers_countries or () if facts.countries[row, column]]
                country = self._countries[wished[0]]
            text = sentences.place(voice, place, country, bool(facts.remote[row]))
            found.append(Contribution("place", text, parts[_PLACE]))
        if parts[_LANGUAGE]:
            spoken = [self._languages[column] for column in person.languages if facts.languages[row, column]]
            text = sentences.language(voice, language, spoken[0] if spoken else None)
            found.append(Contribution("language", text, parts[_LANGUAGE]))
        if parts[_HOURS]:
            hours = None if np.isnan(facts.hours[row]) else float(facts.hours[row])
            found.append(Contribution("hours", sentences.hours(voice, hours, person.prefers_hours), parts[_HOURS]))
        if parts[_START]:
            day = 0 if facts.start is None else int(facts.start[row])
            found.append(Contribution("start", sentences.start(voice, day), parts[_START]))
        return found


class _Asked:
    """The needs of one opportunity, side by side: skill, importance, level (0 unknown), level counted, weight."""

    __slots__ = ("asks", "importance", "level", "level_at", "mass", "skill")

    def __init__(self, block: OpportunityBlock, row: int, worth: FloatArray, unknown: IntArray) -> None:
        needs = block.of(row)
        self.skill = block.needs.skill[needs]
        self.importance = block.needs.importance[needs]
        self.level = block.needs.level[needs]
        self.level_at = np.where(self.level > 0, self.level, unknown[self.importance])
        self.asks: BoolArray = self.importance < 2
        self.mass = block.idf[self.skill] * block.needs.weight[needs] * worth[self.importance]


def _share(pull: FloatArray, total: float) -> FloatArray:
    """A total shared out in proportion to `pull`; nothing where nothing pulled."""
    whole = float(pull.sum())
    return pull * (total / whole) if whole > 0 and total else np.zeros_like(pull)
