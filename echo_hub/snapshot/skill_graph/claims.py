"""Skill claims of people as arrays: linked, owned by a profile, weighed by who says so and how long ago."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from echo_core.matching import STANCES, Claims, SkillSpace, Weights
from echo_core.matching.arrays import IntArray, Narrow, Splice
from echo_core.model import LearningPath
from echo_core.model.message import Message
from echo_hub.snapshot.catalogue.listing import listing_id
from echo_hub.snapshot.catalogue.requirements import SkillRequirement, named, settled
from echo_hub.snapshot.directory.identity import Directory
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.rows import ASSERTERS, GONE, ClaimColumns, NameKey, StoredOpportunity, StoredRecords
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
    link: Message | None = None
    record: str | None = None
    asserted_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """Claims of people as columns, ordered by person. `position` is where each stands among the stored records.

    All are as narrow as the columns of the stored records.
    """

    person: Narrow
    position: Narrow
    owner: Narrow
    name: Narrow
    stance: Narrow
    level: Narrow
    asserter: Narrow
    evidence: Narrow
    day: Narrow
    until: Narrow
    source: Narrow

    @classmethod
    def of(cls, columns: ClaimColumns, owners: IntArray, today: date, among: IntArray | None = None) -> _Held:
        """The claims that are somebody's and valid today; with `among`, of these people only.

        Of each person first those in person records, record by record, then what other records say.
        """
        until, owner = _numbers(columns.until), _numbers(columns.owner)
        valid = (owners >= 0) & ((until == 0) | (until >= today.toordinal()))
        if among is not None:
            valid &= np.isin(owners, among)
        own, told = np.flatnonzero(valid & (owner >= 0)), np.flatnonzero(valid & (owner < 0))
        if among is not None:  # a record that changed has its claims behind all others
            own = own[np.argsort(owner[own], kind="stable")]
        keep = np.r_[own, told]
        keep = keep[np.argsort(owners[keep], kind="stable")]
        named = {field.name: np.array(getattr(columns, field.name))[keep] for field in fields(columns)}
        return cls(person=owners[keep].astype(np.int32), position=keep.astype(np.int32), **named)

    def replaced(self, people: IntArray, fresh: _Held) -> _Held:
        """The same claims, but of some people only the fresh ones."""
        splice = Splice(self.person, people, fresh.person)
        columns = (field.name for field in fields(self))
        return _Held(*(splice.column(getattr(self, name), getattr(fresh, name)) for name in columns))


class ClaimBook:
    """Every claim, ordered by person, with the words behind it; numbers for the matcher come from `table`.

    Args:
        owners: for every stored claim the row of the person it is about, -1 where that is nobody.
        before: the book of the snapshot before and the rows of those whose claims changed since; nobody else's are
            read again.
    """

    def __init__(
        self,
        stored_records: StoredRecords,
        owners: IntArray,
        names: SkillNames,
        today: date,
        corrections: Corrections = NO_CORRECTIONS,
        before: tuple[ClaimBook, IntArray] | None = None,
    ) -> None:
        if before is None:
            self._held = _Held.of(stored_records.claims, owners, today)
            self._facts = tuple(fact.source_id for fact in stored_records.people)
        else:
            book, changed = before
            self._held = book._held.replaced(changed, _Held.of(stored_records.claims, owners, today, changed))
            self._facts = book._facts
        self._origins = np.array(stored_records.origins, dtype=np.int64)
        self._origin_ids = tuple(stored_records.origin_ids)
        self._keys = tuple(stored_records.names)
        self._texts = tuple(stored_records.texts)
        self._sources = tuple(stored_records.sources)
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
        columns = self._held
        column_of = np.array([space.index.get(skill_id or "", -1) for skill_id in self._skill_ids], dtype=np.int64)
        skill = column_of[self._meant] if len(self._meant) else self._meant
        level = columns.level
        if self._corrected:
            skill, level = skill.copy(), level.copy()
            for at, correction in self._corrected.items():
                skill[at] = -1 if correction.choice.level is None else skill[at]
                level[at] = correction.choice.level or 0
        wanted = skill >= 0 if people is None else (skill >= 0) & np.isin(columns.person, people)
        linked = np.flatnonzero(wanted)
        worth = np.array([weights.number("evidence", asserter) for asserter in ASSERTERS])
        day = columns.day[linked]
        age = np.maximum(self._today.toordinal() - day, 0) / _DAYS_A_YEAR
        oldest = weights.number("evidence", "oldest")
        fading = oldest + (1 - oldest) * 0.5 ** (age / weights.number("evidence", "half_life_years"))
        fading = np.where(day > 0, fading, _UNDATED)
        return Claims(
            columns.person[linked],
            skill[linked],
            columns.stance[linked],
            level[linked],
            worth[columns.asserter[linked]] * fading,
        )

    def _under(self, corrections: Corrections) -> dict[int, Correction]:
        """The claims that are not theirs, and those whose level their person has corrected, by position."""
        by_person = {}
        for row in corrections.people:
            for at in self._span(row):
                name = int(self._meant[at])
                stance = STANCES[int(self._held.stance[at])]
                correction = corrections.of(row, self._skill_ids[name], self._keys[name].label, stance)
                if correction is not None and self._sources[int(self._held.source[at])] != HERE:
                    by_person[at] = correction
        return by_person

    def _span(self, person: int) -> range:
        column = self._held.person
        start, stop = np.searchsorted(column, np.array((person, person + 1), dtype=column.dtype))
        return range(int(start), int(stop))

    def _record(self, at: int) -> str | None:
        """The public id of the record behind a claim."""
        source = self._sources[int(self._held.source[at])]
        if source == HERE:
            return None
        if (fact := int(self._held.owner[at])) >= 0:
            return public_id(source, "person", self._facts[fact])
        origin = int(np.searchsorted(self._origins, self._held.position[at]))
        return f"{source}:{self._origin_ids[origin]}"

    def names_of(self, names: Set[NameKey]) -> Iterator[tuple[NameKey, int, str, str | None]]:
        """(name, person, connection, record) of every claim under one of these names, by person."""
        numbers = np.array([at for at, key in enumerate(self._keys[: self._open]) if key in names], dtype=np.int64)
        for at in np.flatnonzero(np.isin(self._meant, numbers)).tolist():
            source = self._sources[int(self._held.source[at])]
            yield self._keys[int(self._held.name[at])], int(self._held.person[at]), source, self._record(at)

    def of(self, person: int, about: Set[str] | None = None) -> list[HeldClaim]:
        """One person's claims, in words and as sources state them, whatever the person says of them.

        Args:
            about: the skills that claims are wanted of; None for all, unlinked names too.
        """
        book_columns, span = self._held, self._span(person)
        own = slice(span.start, span.stop)
        words = (self._meant, book_columns.stance, book_columns.level, book_columns.asserter, book_columns.evidence)
        columns = (*words, book_columns.source, book_columns.day, book_columns.until)
        claims = []
        for at, name, stance, level, asserter, evidence, source, day, until in zip(
            span, *(column[own].tolist() for column in columns), strict=True
        ):
            skill_id = self._skill_ids[name]
            if about is not None and skill_id not in about:
                continue
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


def owners_of(stored_records: StoredRecords, profile_of: Sequence[int], directory: Directory) -> IntArray:
    """For every claim the row of the person it is about, -1 where that is nobody on file."""
    facts = np.array([*profile_of, -1], dtype=np.int64)
    refs = np.array([*(directory.find(ref) for ref in stored_records.refs), -1], dtype=np.int64)
    owner = _numbers(stored_records.claims.owner)
    owner[owner == GONE] = -len(refs)  # the last of the references, which is nobody
    return np.where(owner >= 0, facts[np.maximum(owner, -1)], refs[np.maximum(-1 - owner, -1)])


class Catalogue:
    """Learning content by the ids under which completions arrive, listed or not."""

    def __init__(self, opportunities: Sequence[StoredOpportunity]) -> None:
        self._found: dict[tuple[str, str], StoredOpportunity] = {}
        self._by_iri: dict[str, StoredOpportunity] = {}
        for opportunity in opportunities:
            if isinstance(opportunity.record, LearningPath):
                self._found[opportunity.connection, opportunity.record.source_id] = opportunity
                for iri in opportunity.record.activity_ids:
                    self._by_iri.setdefault(iri, opportunity)

    def find(self, connection: str, object_id: str) -> StoredOpportunity | None:
        """By the connection's own id, or by activity IRI from any source (a record store serves several)."""
        return self._found.get((connection, object_id)) or self._by_iri.get(object_id)


@dataclass(frozen=True, slots=True)
class Learning:
    """What completions came to: (person, content key) pairs for the gate, and counts by named rule."""

    done: dict[int, set[tuple[str, str]]]
    counts: Counter[tuple[str, str, str]]


def add_learning(
    stored_records: StoredRecords, catalogue: Catalogue, directory: Directory, names: SkillNames
) -> Learning:
    """Turns completions into claims: a modest level of what source or people say the content teaches, asserted by it.

    Finishing a beginner's course makes one aware (level 1), any other a learner at work (level 2): attendance is
    evidence, not a rating. Skills only spotted in a content's text are not taken over into a person's profile.
    """
    done: dict[int, set[tuple[str, str]]] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    taught: dict[tuple[str, str], list[SkillRequirement]] = {}
    has = STANCES.index("has")
    vendor = ASSERTERS.index("vendor")
    for completion in stored_records.learned:
        connection = completion.ref[0]
        person = directory.find(completion.ref)
        content = catalogue.find(connection, completion.object_id)
        if person < 0:
            counts[connection, completion.stream, "unknown_person"] += 1
            continue
        key = (content.connection, content.record.source_id) if content else (connection, completion.object_id)
        done.setdefault(person, set()).add(key)
        if content is not None and key not in taught:
            try:
                taught[key] = _taught(content, names)
            except Exception as error:  # noqa: BLE001 -- one content that cannot be read teaches nobody anything, and stops nobody else
                taught[key] = []
                stored_records.aside.add("learning", listing_id(content), error)
        if not completion.evidence or content is None or not taught[key]:
            counts[connection, completion.stream, "no_skill"] += 1
            continue
        counts[connection, completion.stream, ""] += 1
        record = content.record
        level = 1 if isinstance(record, LearningPath) and record.level == "beginner" else 2
        ref = stored_records.refs.setdefault(completion.ref, len(stored_records.refs))
        for skill in taught[key]:
            label = names.taxonomy.skills[skill.skill_id].label
            name = _linked_name(stored_records, names, label, skill.skill_id)
            evidence = f"Completed {completion.title or record.title}"
            stored_records.said_in("learning_record", completion.source_id)
            stored_records.claim(-1 - ref, name, has, level, vendor, evidence, completion.day, 0, connection)
    return Learning(done, counts)


def _taught(content: StoredOpportunity, names: SkillNames) -> list[SkillRequirement]:
    """What source or people say that a content teaches."""
    said = named(content.record, names, count=False).values()
    skills = settled(content.record, said, names.decisions.about(listing_id(content)), names)
    return [skill for skill in skills if skill.importance == "teaches"]


def add_corrections(
    stored_records: StoredRecords,
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
        ref = _ref_of(stored_records, people[row])
        for correction in corrections.people.get(row, ()):
            if correction.choice.level is None:
                continue
            skill_id = corrections.skills[correction.id]
            if skill_id is None:
                name = stored_records.name(correction.choice.skill, None, None, None)
            else:
                name = _linked_name(stored_records, names, names.taxonomy.skills[skill_id].label, skill_id)
            stored_records.claim(
                -1 - ref, name, has, correction.choice.level, own, "", correction.decided_at.toordinal(), 0, HERE
            )


def drop_corrections(stored_records: StoredRecords, people: Sequence[DirectoryPerson], rows: Iterable[int]) -> None:
    """Takes back what some people said here of their levels."""
    owners = {-1 - _ref_of(stored_records, people[row]) for row in rows}
    source = stored_records.sources.get(HERE, -1)
    columns = stored_records.claims
    said = np.flatnonzero(np.array(columns.source) == source).tolist()
    for position in said:
        if columns.owner[position] in owners:
            columns.owner[position] = GONE


def _ref_of(stored_records: StoredRecords, person: DirectoryPerson) -> int:
    """The number of the reference that means a person by the leading record."""
    return stored_records.refs.setdefault(
        (person.fact.connection, "source", person.fact.source_id), len(stored_records.refs)
    )


def _linked_name(stored_records: StoredRecords, names: SkillNames, label: str, skill_id: str) -> int:
    """A name that is already a skill of the graph."""
    key = NameKey(label, "graph", skill_id, None)
    names.known(key, skill_id)
    return stored_records.name(key.label, key.scheme, key.external_id, key.language)


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _numbers(column: array[int]) -> IntArray:
    return np.array(column, dtype=np.int64)
