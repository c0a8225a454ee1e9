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
class TaxonomySource:
    """Where skills come from. `credit` is the sentence to show wherever labels of this source appear."""

    key: str
    title: str
    version: str
    licence: str
    credit: str
    url: str | None = None
    imported_at: datetime | None = None
