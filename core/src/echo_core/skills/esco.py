"""Reads the skills of ESCO, the classification of the European Commission, from the CSV files of its download page.

Understands the layouts of 1.0 (labels only), 1.1 and 1.2 (relation files carry a language suffix), plain or gzip. Ids
are "esco:" and the last part of the concept's URI; the URI is kept. Only the files read here are needed:
`skills_<language>.csv`, `broaderRelationsSkillPillar*.csv`, `skillSkillRelations*.csv`, `skillGroups_<language>.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from echo_core.skills.tables import Table, find_table
from echo_core.skills.taxonomy import GROUP, Label, Progress, Skill, Taxonomy, TaxonomyError, TaxonomySource

CREDIT = "This service uses the ESCO classification of the European Commission."
LICENCE = "Reuse with acknowledgement, Commission Decision 2011/833/EU; modified versions must be marked as such"

_VERSION = re.compile(r"v?(\d+\.\d+(?:\.\d+)?)(?=\D|$)")
_URI_TAIL = re.compile(r"^https?://data\.europa\.eu/esco/(?:skill/)?")


def read_esco(
    folder: Path | str,
    languages: Sequence[str] = ("en",),
    *,
    label_folders: Sequence[Path | str] = (),
    version: str | None = None,
    imported_at: datetime | None = None,
    progress: Progress | None = None,
) -> Taxonomy:
    """The skills, knowledge and groups of an ESCO release.

    Args:
        folder: holds the CSV files. `skills_<first language>` and the broader relations must be there.
        languages: labels to read. The first names the skills; the others may be missing from `folder` when one of
            `label_folders` has them (URIs are stable across releases, so labels of one can be joined to another).
        label_folders: further folders with `skills_<language>*.csv` holding conceptUri, preferredLabel, altLabels.
        version: the release; read from the folder's name when not given.
        imported_at: time-zone aware; kept in the source record.
        progress: called with (file name, rows so far).

    Raises:
        TaxonomyError: a file or a column is missing; the message names it.
    """
    base = Path(folder)
    main, *others = languages or ("en",)
    extra = [Path(one) for one in label_folders]
    nodes = _Nodes()
    nodes.read_concepts(find_table(base, f"skills_{main}", progress=progress), main)
    if groups := find_table(base, f"skillGroups_{main}", required=False, progress=progress):
        nodes.read_concepts(groups, main, kind=GROUP)
    for language in others:
        tables = [found for at in (base, *extra) for found in _label_tables(at, language, progress)]
        if not tables:
            looked = ", ".join(str(one) for one in (base, *extra))
            raise TaxonomyError(f"ESCO has no labels in {language!r}: no file skills_{language}*.csv in {looked}")
        for table in tables:
            nodes.read_labels(table, language)
    broader = find_table(base, "broaderRelationsSkillPillar", f"broaderRelationsSkillPillar_{main}", progress=progress)
    nodes.read_relations(broader, "conceptUri", "broaderUri", nodes.broader)
    related = find_table(base, "skillSkillRelations", f"skillSkillRelations_{main}", required=False, progress=progress)
    if related:
        nodes.read_relations(related, "originalSkillUri", "relatedSkillUri", nodes.related)
    source = TaxonomySource(
        key="esco",
        title="ESCO, European Skills, Competences, Qualifications and Occupations",
        version=version or _version_of(base),
        licence=LICENCE,
        credit=CREDIT,
        url="https://esco.ec.europa.eu/",
        imported_at=imported_at,
    )
    return Taxonomy.of(nodes.skills(main), source)


def esco_id(uri: str) -> str:
    """The id of an ESCO concept: "esco:" and the URI without its host and, for skills, without "skill/"."""
    return "esco:" + _URI_TAIL.sub("", uri)


def _label_tables(folder: Path, language: str, progress: Progress | None) -> Iterable[Table]:
    for stem in (f"skills_{language}", f"skills_{language}_preferred", f"skillGroups_{language}"):
        if table := find_table(folder, stem, required=False, progress=progress):
            yield table


def _version_of(folder: Path) -> str:
    for name in (folder.name, folder.parent.name):
        if match := _VERSION.search(name):
            return match[1]
    return "unknown"


class _Nodes:
    """Concepts by URI while the files are read, turned into skills at the end."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.labels: dict[str, list[Label]] = {}
        self.broader: dict[str, list[str]] = {}
        self.related: dict[str, list[str]] = {}

    def read_concepts(self, table: Table, language: str, *, kind: str | None = None) -> None:
        rows = table.rows("conceptUri", "preferredLabel", "altLabels", "description", optional=("skillType",))
        for uri, preferred, alternatives, description, skill_type in rows:
            if uri and preferred.strip():
                self.kinds[uri] = kind or skill_type or "skill/competence"
                self.descriptions[uri] = description.strip()
                self._label(uri, language, preferred, alternatives)

    def read_labels(self, table: Table, language: str) -> None:
        for uri, preferred, alternatives in table.rows("conceptUri", "preferredLabel", optional=("altLabels",)):
            if uri in self.kinds and preferred.strip():
                self._label(uri, language, preferred, alternatives)

    def _label(self, uri: str, language: str, preferred: str, alternatives: str) -> None:
        have = self.labels.setdefault(uri, [])
        seen = {label.text for label in have if label.language == language}
        first = not seen
        for at, text in enumerate((preferred, *alternatives.split("\n"))):
            clean = text.strip()
            if clean and clean not in seen:
                seen.add(clean)
                have.append(Label(clean, language, preferred=first and at == 0))

    def read_relations(self, table: Table, below: str, above: str, into: dict[str, list[str]]) -> None:
        for concept, other in table.rows(below, above):
            if concept in self.kinds and other in self.kinds and concept != other:
                into.setdefault(concept, []).append(other)

    def skills(self, main: str) -> Iterable[Skill]:
        for uri, kind in self.kinds.items():
            labels = tuple(self.labels[uri])
            yield Skill(
                id=esco_id(uri),
                label=next(label.text for label in labels if label.language == main),
                labels=labels,
                kind=kind,
                description=self.descriptions[uri],
                broader=tuple(dict.fromkeys(esco_id(one) for one in self.broader.get(uri, ()))),
                related=tuple(dict.fromkeys(esco_id(one) for one in self.related.get(uri, ()))),
                uri=uri,
                source="esco",
            )
