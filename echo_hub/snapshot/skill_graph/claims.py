"""Skill claims of people as arrays: linked, owned by a profile, weighed by who says so and how long ago."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from echo_core.matching import STANCES, Claims, SkillSpace, Weights
from echo_core.matching.arrays import IntArray, Splice
from echo_core.model import LearningPath
from echo_hub.snapshot.catalogue.listing import listing_id
from echo_hub.snapshot.catalogue.requirements import Asked, named, settled
from echo_hub.snapshot.directory.identity import Directory
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.rows import ASSERTERS, GONE, ClaimColumns, Intake, NameKey, StoredOpportunity
from echo_hub.snapshot.skill_graph.context import in_context
from echo_hub.snapshot.skill_graph.decisions import NO_CORRECTIONS, Corrections
from echo_hub.snapshot.skill_graph.names import SkillNames
from echo_hub.store.corrections import Correction
from echo_hub.store.records import public_id

_DAYS_A_YEAR = 365.25
HERE = "echo-hub"
"""The source of what people say here about themselves."""
_UNDATED = 0.75
"""What undated evidence is worth beside fresh evidence: neither fresh nor forgotten."""


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """One claim as a profile shows it, and what it rests on. `skill_id` is None for a name the graph does not know.

    `name` is the skill as the source calls it and `link` why that means this skill; `source` is a connection's name
    (or `HERE`), `record` the public id of the record that says it.
    """

    label: str
    skill_id: str | None
    stance: str
    level: int | None
    asserter: str
    evidence: str | None
    source: str
    name: str = ""
    link: str = ""
    record: str | None = None
    asserted_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """Claims of people as columns, ordered by person. `place` is where each stands in the intake."""

    person: IntArray
    place: IntArray
    owner: IntArray
    name: IntArray
    stance: IntArray
    level: IntArray
    asserter: IntArray
    evidence: IntArray
    day: IntArray
    until: IntArray
    source: IntArray

    @classmethod
    def of(cls, columns: ClaimColumns, owners: IntArray, today: date, among: IntArray | None = None) -> _Held:
        """The claims that are somebody's and valid today; with `among`, of these people only.

        Of each person first those in person records, record by record, then what other records say.
        """
        until, owner = _numbers(columns.until), _numbers(columns.owner)
        held = (owners >= 0) & ((until == 0) | (until >= today.toordinal()))
        if among is not None:
            held &= np.isin(owners, among)
        own, told = np.flatnonzero(held & (owner >= 0)), np.flatnonzero(held & (owner < 0))
        if among is not None:  # a record that changed has its claims behind all others
            own = own[np.argsort(owner[own], kind="stable")]
        keep = np.r_[own, told]
        keep = keep[np.argsort(owners[keep], kind="stable")]
        named = {field.name: _numbers(getattr(columns, field.name))[keep] for field in fields(columns)}
        return cls(person=owners[keep], place=keep, **named)

    def replaced(self, people: IntArray, fresh: _Held) -> _Held:
        """The same claims, but of some people only the fresh ones."""
        splice = Splice(self.person, people, fresh.person)
        columns = (field.name for field in fields(self))
        return _Held(*(splice.column(getattr(self, name), getattr(fresh, name)) for name in columns))


class ClaimBook:
    """Every claim, ordered by person, with the words behind it; numbers for the matcher come from `table`.

    Args:
        owners: for every claim of the intake the row of the person it is about, -1 where that is nobody.
        before: the book of the snapshot before and the rows of those whose claims changed since; nobody else's are
            read again.
    """

    def __init__(
        self,
        intake: Intake,
        owners: IntArray,
        names: SkillNames,
        today: date,
        corrections: Corrections = NO_CORRECTIONS,
        before: tuple[ClaimBook, IntArray] | None = None,
    ) -> None:
        if before is None:
            self._held = _Held.of(intake.claims, owners, today)
            self._facts = tuple(fact.source_id for fact in intake.people)
        else:
            book, changed = before
            self._held = book._held.replaced(changed, _Held.of(intake.claims, owners, today, changed))
            self._facts = book._facts
        self._origins = np.array(intake.origins, dtype=np.int64)
        self._origin_ids = tuple(intake.origin_ids)
        self._keys = tuple(intake.names)
        self._texts = tuple(intake.texts)
        self._sources = tuple(intake.sources)
        links = [names.link(key) for key in self._keys]
        self._meant, settled = in_context(self._held.person, self._held.name, self._keys, links, names)
        self._open = len(self._keys)
        uses = np.bincount(self._meant, minlength=self._open)[: self._open]
        names.claimed(dict(zip(self._keys, uses.tolist(), strict=True)))
        self._keys = (*self._keys, *(self._keys[number] for number, _ in settled))
        links += [link for _, link in settled]
        self._skill_ids = tuple(link.skill_id for link in links)
        self._reasons = tuple(link.reason for link in links)
        self._labels = names.taxonomy.skills
        self._today = today
        self.corrections = corrections
        self._corrected = self._under(corrections)

    @property
    def used(self) -> set[str]:
        """Ids of all skills that anyone claims in any way."""
        return {skill_id for skill_id in self._skill_ids if skill_id is not None}

    def table(self, space: SkillSpace, weights: Weights, people: IntArray | None = None) -> Claims:
        """The linked claims as numbers, of everybody or of some people.

        Evidence halves every so many years and never falls below a floor.
        """
        held = self._held
        column_of = np.array([space.index.get(skill_id or "", -1) for skill_id in self._skill_ids], dtype=np.int64)
        skill = column_of[self._meant] if len(self._meant) else self._meant
        level = held.level
        if self._corrected:
            skill, level = skill.copy(), level.copy()
            for at, correction in self._corrected.items():
                skill[at] = -1 if correction.choice.level is None else skill[at]
                level[at] = correction.choice.level or 0
        wanted = skill >= 0 if people is None else (skill >= 0) & np.isin(held.person, people)
        linked = np.flatnonzero(wanted)
        worth = np.array([weights.number("evidence", asserter) for asserter in ASSERTERS])
        day = held.day[linked]
        age = np.maximum(self._today.toordinal() - day, 0) / _DAYS_A_YEAR
        oldest = weights.number("evidence", "oldest")
        fading = oldest + (1 - oldest) * 0.5 ** (age / weights.number("evidence", "half_life_years"))
        fading = np.where(day > 0, fading, _UNDATED)
        return Claims(
            held.person[linked],
            skill[linked],
            held.stance[linked],
            level[linked],
            worth[held.asserter[linked]] * fading,
        )

    def _under(self, corrections: Corrections) -> dict[int, Correction]:
        """The claims that are not theirs, and those whose level their person has corrected, by place."""
        found = {}
        for row in corrections.people:
            for at in self._span(row):
                name = int(self._meant[at])
                stance = STANCES[int(self._held.stance[at])]
                correction = corrections.of(row, self._skill_ids[name], self._keys[name].label, stance)
                if correction is not None and self._sources[int(self._held.source[at])] != HERE:
                    found[at] = correction
        return found

    def _span(self, person: int) -> range:
        start, stop = np.searchsorted(self._held.person, (person, person + 1))
        return range(int(start), int(stop))

    def _record(self, at: int) -> str | None:
        """The public id of the record behind a claim."""
        source = self._sources[int(self._held.source[at])]
        if source == HERE:
            return None
        if (fact := int(self._held.owner[at])) >= 0:
            return public_id(source, "person", self._facts[fact])
        origin = int(np.searchsorted(self._origins, self._held.place[at]))
        return f"{source}:{self._origin_ids[origin]}"

    def names_of(self, names: Set[NameKey]) -> Iterator[tuple[NameKey, int, str, str | None]]:
        """(name, person, connection, record) of every claim under one of these names, by person."""
        numbers = np.array([at for at, key in enumerate(self._keys[: self._open]) if key in names], dtype=np.int64)
        for at in np.flatnonzero(np.isin(self._meant, numbers)).tolist():
            source = self._sources[int(self._held.source[at])]
            yield self._keys[int(self._held.name[at])], int(self._held.person[at]), source, self._record(at)

    def of(self, person: int) -> list[HeldClaim]:
        """One person's claims, in words and as sources state them, whatever the person says of them."""
        held, span = self._held, self._span(person)
        mine = slice(span.start, span.stop)
        words = (self._meant, held.stance, held.level, held.asserter, held.evidence)
        columns = (*words, held.source, held.day, held.until)
        claims = []
        for at, name, stance, level, asserter, evidence, source, day, until in zip(
            span, *(column[mine].tolist() for column in columns), strict=True
        ):
            skill_id = self._skill_ids[name]
            claims.append(
                HeldClaim(
                    self._labels[skill_id].label if skill_id else self._keys[name].label,
                    skill_id,
                    STANCES[stance],
                    level or None,
                    ASSERTERS[asserter],
                    self._texts[evidence] or None,
                    self._sources[source],
                    self._keys[name].label,
                    self._reasons[name],
                    self._record(at),
                    _day(day),
                    _day(until),
                )
            )
        return claims


def owners_of(intake: Intake, profile_of: Sequence[int], directory: Directory) -> IntArray:
    """For every claim the row of the person it is about, -1 where that is nobody on file."""
    facts = np.array([*profile_of, -1], dtype=np.int64)
    refs = np.array([*(directory.find(ref) for ref in intake.refs), -1], dtype=np.int64)
    owner = _numbers(intake.claims.owner)
    owner[owner == GONE] = -len(refs)  # the last of the references, which is nobody
    return np.where(owner >= 0, facts[np.maximum(owner, -1)], refs[np.maximum(-1 - owner, -1)])


class Catalogue:
    """Learning content by the ids under which completions arrive, listed or not."""

    def __init__(self, opportunities: Sequence[StoredOpportunity]) -> None:
        self._found: dict[tuple[str, str], StoredOpportunity] = {}
        self._by_iri: dict[str, StoredOpportunity] = {}
        for one in opportunities:
            if isinstance(one.record, LearningPath):
                self._found[one.connection, one.record.source_id] = one
                for iri in one.record.activity_ids:
                    self._by_iri.setdefault(iri, one)

    def find(self, connection: str, object_id: str) -> StoredOpportunity | None:
        """By the connection's own id, or by activity IRI from any source (a record store serves several)."""
        return self._found.get((connection, object_id)) or self._by_iri.get(object_id)


@dataclass(frozen=True, slots=True)
class Learning:
    """What completions came to: (person, content key) pairs for the gate, and counts by named rule."""

    done: dict[int, set[tuple[str, str]]]
    counts: Counter[tuple[str, str, str]]


def add_learning(intake: Intake, catalogue: Catalogue, directory: Directory, names: SkillNames) -> Learning:
    """Turns completions into claims: a modest level of what source or people say the content teaches, asserted by it.

    Finishing a beginner's course makes one aware (level 1), any other a learner at work (level 2): attendance is
    evidence, not a rating. Skills only spotted in a content's text are not taken over into a person's profile.
    """
    done: dict[int, set[tuple[str, str]]] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    taught: dict[tuple[str, str], list[Asked]] = {}
    has = STANCES.index("has")
    vendor = ASSERTERS.index("vendor")
    for one in intake.learned:
        connection = one.ref[0]
        person = directory.find(one.ref)
        content = catalogue.find(connection, one.object_id)
        if person < 0:
            counts[connection, one.stream, "unknown_person"] += 1
            continue
        key = (content.connection, content.record.source_id) if content else (connection, one.object_id)
        done.setdefault(person, set()).add(key)
        if content is not None and key not in taught:
            try:
                taught[key] = _taught(content, names)
            except Exception as error:  # noqa: BLE001 -- one content that cannot be read teaches nobody anything, and stops nobody else
                taught[key] = []
                intake.aside.add("learning", listing_id(content), error)
        if not one.evidence or content is None or not taught[key]:
            counts[connection, one.stream, "no_skill"] += 1
            continue
        counts[connection, one.stream, ""] += 1
        record = content.record
        level = 1 if isinstance(record, LearningPath) and record.level == "beginner" else 2
        ref = intake.refs.setdefault(one.ref, len(intake.refs))
        for skill in taught[key]:
            label = names.taxonomy.skills[skill.skill_id].label
            name = _linked_name(intake, names, label, skill.skill_id)
            evidence = f"Completed {one.title or record.title}"
            intake.said_in("learning_record", one.source_id)
            intake.claim(-1 - ref, name, has, level, vendor, evidence, one.day, 0, connection)
    return Learning(done, counts)


def _taught(content: StoredOpportunity, names: SkillNames) -> list[Asked]:
    """What source or people say that a content teaches."""
    said = named(content.record, names, count=False).values()
    skills = settled(content.record, said, names.decisions.about(listing_id(content)), names)
    return [skill for skill in skills if skill.importance == "teaches"]


def add_corrections(
    intake: Intake,
    corrections: Corrections,
    people: Sequence[DirectoryPerson],
    names: SkillNames,
    among: Iterable[int] | None = None,
) -> None:
    """The levels people say they have, as claims of their own: they stay when a source no longer has the skill.

    Args:
        among: the rows of the people to look at; by default all.
    """
    has, own = STANCES.index("has"), ASSERTERS.index("person")
    for row in corrections.people if among is None else among:
        ref = _ref_of(intake, people[row])
        for one in corrections.people.get(row, ()):
            if one.choice.level is None:
                continue
            skill_id = corrections.skills[one.id]
            if skill_id is None:
                name = intake.name(one.choice.skill, None, None, None)
            else:
                name = _linked_name(intake, names, names.taxonomy.skills[skill_id].label, skill_id)
            intake.claim(-1 - ref, name, has, one.choice.level, own, "", one.decided_at.toordinal(), 0, HERE)


def drop_corrections(intake: Intake, people: Sequence[DirectoryPerson], rows: Iterable[int]) -> None:
    """Takes back what some people said here of their levels."""
    owners = {-1 - _ref_of(intake, people[row]) for row in rows}
    source = intake.sources.get(HERE, -1)
    columns = intake.claims
    said = np.flatnonzero(np.array(columns.source) == source).tolist()
    for place in said:
        if columns.owner[place] in owners:
            columns.owner[place] = GONE


def _ref_of(intake: Intake, person: DirectoryPerson) -> int:
    """The number of the reference that means a person by the leading record."""
    return intake.refs.setdefault((person.fact.connection, "source", person.fact.source_id), len(intake.refs))


def _linked_name(intake: Intake, names: SkillNames, label: str, skill_id: str) -> int:
    """A name that is already a skill of the graph."""
    key = NameKey(label, "graph", skill_id, None)
    names.known(key, skill_id)
    return intake.name(key.label, key.scheme, key.external_id, key.language)


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _numbers(column: array[int]) -> IntArray:
    return np.array(column, dtype=np.int64)
