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
    labels and updates can be joined later. `same` are ids of other sources' skills that somebody says this one is.
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
    same: tuple[str, ...] = ()

    def label_in(self, language: str) -> str:
        """The preferred label in a language, or `label` where the taxonomy has none."""
        return next((label.text for label in self.labels if label.preferred and label.language == language), self.label)


@dataclass(frozen=True, slots=True)
class OccupationSkill:
    """A skill an occupation asks for. `level` and `importance` are shares of the source's scale, 0..1, or None."""

    skill_id: str
    essential: bool
    level: float | None = None
    importance: float | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """What an occupation is known by apart from skills; never linked to a name and never spotted in text.

    `id` begins with its kind: "activity:4.A.2.a.4.I09.D03" (a detailed work activity; without ".D03" the intermediate
    one, without ".I09" the general one), "tool:44101809" (a class of tools), "tool:44101809/10-key-calculators" (a
    tool of that class), "style:1.C.1.a" (a work style), "interest:1.B.1.a". `share` is 0..1 of the source's scale,
    None where something is only named.
    """

    id: str
    label: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Occupation:
    """A role that many companies know, with the skills it asks for: what a job title is held against.

    `id` carries its source ("esco:occupation/<uuid>", "onet:15-1252.00", "starter:role/data-engineer"); `code` is the
    source's own classification code (ISCO-08 and what ESCO adds to it, as "2512.4"; O*NET-SOC); `broader` are ids of
    occupations or groups of the same source; `same` are ids of other sources' occupations that a crosswalk calls the
    same; `tasks` are sentences. `kind` is GROUP for a group of occupations ("esco:isco/C2512"), which is no role: it
    has labels and a place in the hierarchy and no skills. `zone` is O*NET's job zone, 1 (little preparation) to 5.
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
    kind: str | None = None
    traits: tuple[Trait, ...] = ()
    zone: int | None = None

    def label_in(self, language: str) -> str:
        """The preferred label in a language, or `label` where the taxonomy has none."""
        return next((label.text for label in self.labels if label.preferred and label.language == language), self.label)


_MODIFIED = {
    "onet": "The operator of this service has modified some of this information. USDOL/ETA has not approved, endorsed,"
    " or tested these modifications.",
}
_MODIFIED_BY_DEFAULT = "The operator of this service has modified it."


@dataclass(frozen=True, slots=True)
class TaxonomySource:
    """Where skills come from. `credit` is the sentence to show wherever labels of this source appear.

    `modified` says that something of it was edited here; then licences ask for a notice beside the credit.
    """

    key: str
    title: str
    version: str
    licence: str
    credit: str
    url: str | None = None
    imported_at: datetime | None = None
    modified: bool = False

    @property
    def credit_line(self) -> str:
        """The credit and, where something was edited here, the notice of it; empty when no credit is asked for."""
        if not self.credit or not self.modified:
            return self.credit
        return f"{self.credit} {_MODIFIED.get(self.key, _MODIFIED_BY_DEFAULT)}"
