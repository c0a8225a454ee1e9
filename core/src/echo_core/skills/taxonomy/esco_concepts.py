"""Concepts of ESCO, skills or occupations, gathered by URI from its tables: kind, labels per language, hierarchy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from echo_core.skills.taxonomy.graph import Progress
from echo_core.skills.taxonomy.records import Label
from echo_core.skills.taxonomy.tables import Table, find_table

_URI_TAIL = re.compile(r"^https?://data\.europa\.eu/esco/(?:skill/)?")


def esco_id(uri: str) -> str:
    """The id of an ESCO concept: "esco:" and the URI without its host and, for skills, without "skill/"."""
    return "esco:" + _URI_TAIL.sub("", uri)


def label_tables(folder: Path, stem: str, language: str, progress: Progress | None) -> Iterator[Table]:
    """The tables of a folder that may hold labels in a language: `<stem>_<language>` and its preferred-only cut."""
    for name in (f"{stem}_{language}", f"{stem}_{language}_preferred"):
        if table := find_table(folder, name, required=False, progress=progress):
            yield table


class Concepts:
    """Concepts by URI while the files are read. Insertion order is the order of the first file."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self._labels: dict[str, list[Label]] = {}
        self._broader: dict[str, dict[str, None]] = {}

    def read(self, table: Table, language: str, *, kind: str | None = None, hidden: bool = False) -> None:
        """The concepts of a table in the main language; `kind` is for tables that do not say it themselves.

        Hidden labels are read on demand only: those of skills are single words that mean many things ("activity").
        """
        rows = table.rows(
            "conceptUri",
            "preferredLabel",
            "altLabels",
            "description",
            optional=("hiddenLabels", "skillType", "code", "iscoGroup"),
        )
        for uri, preferred, others, description, secret, skill_type, code, isco in rows:
            if uri and preferred.strip():
                self.kinds[uri] = kind if kind is not None else skill_type or "skill/competence"
                self.descriptions[uri] = description.strip()
                self.codes[uri] = (code or isco).strip()
                self._label(uri, language, preferred, f"{others}\n{secret}" if hidden else others)

    def read_labels(self, table: Table, language: str) -> None:
        """Labels of concepts that are already known, in either shape: a row per concept, or a row per label."""
        rows = table.rows("conceptUri", optional=("preferredLabel", "altLabels", "labelType", "label"))
        for uri, preferred, others, kind, single in rows:
            if uri in self.kinds:
                alias = single if kind != "preferred" else ""
                self._label(uri, language, preferred or (single if kind == "preferred" else ""), f"{others}\n{alias}")

    def read_broader(self, table: Table, below: str = "conceptUri", above: str = "broaderUri") -> None:
        """Relations between known concepts; a relation that leads out of them is left out, as ESCO has some."""
        for concept, other in table.rows(below, above):
            if concept in self.kinds and other in self.kinds and concept != other:
                self._broader.setdefault(concept, {})[esco_id(other)] = None

    def labels(self, uri: str) -> tuple[Label, ...]:
        """Every label of a concept, main language first, the preferred one of a language before its aliases."""
        return tuple(self._labels[uri])

    def broader(self, uri: str) -> tuple[str, ...]:
        """The ids of the concepts directly above."""
        return tuple(self._broader.get(uri, ()))

    def _label(self, uri: str, language: str, preferred: str, others: str) -> None:
        have = self._labels.setdefault(uri, [])
        seen = {label.text for label in have if label.language == language}
        named = any(label.preferred for label in have if label.language == language)
        for at, text in enumerate((preferred, *others.split("\n"))):
            clean = text.strip()
            if clean and clean not in seen:
                seen.add(clean)
                have.append(Label(clean, language, preferred=at == 0 and not named))
