"""The parts of a skills graph: labels, skills, and the sources whose words they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GROUP = "group"
"""The kind of a node that only orders others: it gives hierarchy, and is never linked to a name or spotted in text."""


class TaxonomyError(ValueError):
    """A taxonomy cannot be read: a file or a column is missing, or a relation leads nowhere. The operator must act."""

    code = "taxonomy.invalid"


@dataclass(frozen=True, slots=True)
class Label:
    """One name of a skill. `language` is an ISO 639-1 code; exactly one label per language is the preferred one."""

    text: str
    language: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Skill:
    """A node of the graph.

    `id` carries its source ("starter:python", "esco:<uuid>", "onet:2.A.1.a"); `label` is the English (or first)
    preferred name; `broader` and `related` are ids of the same graph; `uri` is the origin's own address, kept so that
    labels and updates can be joined later.
    """

    id: str
    label: str
    labels: tuple[Label, ...] = ()
    kind: str | None = None
    description: str = ""
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    uri: str | None = None
    source: str = ""

    def label_in(self, language: str) -> str:
        """The preferred label in a language, or `label` where the taxonomy has none."""
        return next((one.text for one in self.labels if one.preferred and one.language == language), self.label)


@dataclass(frozen=True, slots=True)
class OccupationSkill:
    """A skill an occupation asks for. `level` and `importance` are shares of the source's scale, 0..1, or None."""

    skill_id: str
    essential: bool
    level: float | None = None
    importance: float | None = None


@dataclass(frozen=True, slots=True)
class Occupation:
    """A role that many companies know, with the skills it asks for: what a job title is held against.

    `id` carries its source ("esco:occupation/<uuid>", "onet:15-1252.00", "starter:role/data-engineer"); `code` is the
    source's own classification code (ISCO-08, O*NET-SOC); `broader` are ids of occupations or groups of the same
    source; `same` are ids of other sources' occupations that a crosswalk calls the same; `tasks` are sentences.
    """

    id: str
    label: str
    labels: tuple[Label, ...] = ()
    description: str = ""
    code: str | None = None
    broader: tuple[str, ...] = ()
    skills: tuple[OccupationSkill, ...] = ()
    tasks: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    uri: str | None = None
    source: str = ""

    def label_in(self, language: str) -> str:
        """The preferred label in a language, or `label` where the taxonomy has none."""
        return next((one.text for one in self.labels if one.preferred and one.language == language), self.label)


@dataclass(frozen=True, slots=True)
class TaxonomySource:
    """Where skills come from. `credit` is the sentence to show wherever labels of this source appear."""

    key: str
    title: str
    version: str
    licence: str
    credit: str
    url: str | None = None
    imported_at: datetime | None = None
