"""The skills graph at rest: saved per source in bulk, loaded whole."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from echo_core.skills.precedence import by_precedence
from echo_core.skills.taxonomy import Label, Skill, Taxonomy, TaxonomySource
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment


def save_taxonomy(database: Database, taxonomy: Taxonomy) -> None:
    """Stores every source the taxonomy names, each replacing what was stored under its key; one transaction.

    A replaced source keeps its place, a new one comes after those already stored. Places count among a company's own
    sources only; how they, the starter and public classifications precede each other: `echo_core.skills.precedence`.
    Skills name their source by key; a relation may point to a skill of another source.

    Raises:
        ValueError: a skill names a source that the taxonomy does not list.
    """
    keys = {source.key for source in taxonomy.sources}
    strays = sorted({skill.source for skill in taxonomy.skills.values()} - keys)
    if strays:
        raise ValueError(f"skills from sources that are not listed: {', '.join(strays)}")
    with database.writing() as transaction:
        positions = dict(transaction.rows("SELECT key, position FROM taxonomy_source"))
        after = max(positions.values(), default=-1) + 1
        for key in sorted(keys):
            _remove(transaction, key)
        transaction.many(
            "INSERT INTO taxonomy_source (key, position, title, version, licence, credit, url, imported_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(s.key, positions.get(s.key, after + place), s.title, s.version, s.licence, s.credit, s.url),
                    transaction.moment(s.imported_at),
                )
                for place, s in enumerate(taxonomy.sources)
            ],
        )
        skills = tuple(taxonomy.skills.values())
        transaction.many(
            "INSERT INTO skill (id, position, source, label, kind, description, uri) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(s.id, place, s.source, s.label, s.kind, s.description, s.uri) for place, s in enumerate(skills)],
        )
        transaction.many(
            "INSERT INTO skill_label (skill_id, position, text, language, preferred) VALUES (?, ?, ?, ?, ?)",
            [
                (skill.id, position, label.text, label.language, label.preferred)
                for skill in skills
                for position, label in enumerate(skill.labels)
            ],
        )
        transaction.many(
            "INSERT INTO skill_relation (skill_id, kind, position, target) VALUES (?, ?, ?, ?)",
            [
                (skill.id, kind, position, target)
                for skill in skills
                for kind, targets in (("broader", skill.broader), ("related", skill.related))
                for position, target in enumerate(targets)
            ],
        )
        transaction.moved()


def remove_taxonomy(database: Database, key: str) -> None:
    """Removes one source and its skills."""
    with database.writing() as transaction:
        _remove(transaction, key)
        transaction.moved()


def _remove(transaction: Transaction, key: str) -> None:
    for table in ("skill_label", "skill_relation"):
        transaction.run(
            f"DELETE FROM {table} WHERE skill_id IN (SELECT id FROM skill WHERE source = ?)",  # noqa: S608, our own names
            (key,),
        )
    transaction.run("DELETE FROM skill WHERE source = ?", (key,))
    transaction.run("DELETE FROM taxonomy_source WHERE key = ?", (key,))


def taxonomy_sources(database: Database) -> tuple[TaxonomySource, ...]:
    """What is imported, in order of precedence."""
    with database.reading() as transaction:
        return by_precedence(_sources(transaction))


def load_taxonomy(database: Database) -> Taxonomy | None:
    """Every stored source as one taxonomy; None when nothing is imported."""
    with database.reading() as transaction:
        sources = _sources(transaction)
        if not sources:
            return None
        labels = _grouped(
            transaction, "SELECT skill_id, text, language, preferred FROM skill_label ORDER BY skill_id, position"
        )
        related: dict[str, dict[str, list[str]]] = {"broader": {}, "related": {}}
        for skill, kind, target in transaction.rows(
            "SELECT skill_id, kind, target FROM skill_relation ORDER BY skill_id, kind, position"
        ):
            related[kind].setdefault(skill, []).append(target)
        rows = transaction.rows(
            "SELECT k.id, k.source, k.label, k.kind, k.description, k.uri FROM skill k"
            " JOIN taxonomy_source s ON s.key = k.source ORDER BY s.position, k.position, k.id"
        )
    skills = {
        identity: Skill(
            id=identity,
            label=label,
            labels=tuple(
                Label(text, language, bool(preferred)) for _, text, language, preferred in labels.get(identity, ())
            ),
            kind=kind,
            description=description,
            broader=tuple(related["broader"].get(identity, ())),
            related=tuple(related["related"].get(identity, ())),
            uri=uri,
            source=source,
        )
        for identity, source, label, kind, description, uri in rows
    }
    return Taxonomy(skills=skills, sources=sources)


def _sources(transaction: Transaction) -> tuple[TaxonomySource, ...]:
    return tuple(
        TaxonomySource(key, title, version, licence, credit, url, None if at is None else as_moment(at))
        for key, title, version, licence, credit, url, at in transaction.rows(
            "SELECT key, title, version, licence, credit, url, imported_at FROM taxonomy_source ORDER BY position, key"
        )
    )


def _grouped(transaction: Transaction, sql: str) -> dict[str, list[tuple[Any, ...]]]:
    return {key: list(rows) for key, rows in groupby(transaction.rows(sql), key=itemgetter(0))}
