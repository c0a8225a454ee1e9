"""Reads ESCO, the classification of the European Commission, from the CSV files of its download page.

Understands the layouts of 1.0 (labels only), 1.1 and 1.2 (relation files carry a language suffix), plain or gzip. Ids
are "esco:" and the last part of the concept's URI; the URI is kept. Only the files read here are needed:
`skills_<language>.csv`, `broaderRelationsSkillPillar*.csv`, `skillSkillRelations*.csv`, `skillGroups_<language>.csv`,
and for occupations those that `esco_occupations` names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from echo_core.skills.taxonomy.esco_concepts import Concepts, esco_id, label_tables
from echo_core.skills.taxonomy.esco_occupations import read_occupations
from echo_core.skills.taxonomy.graph import GROUP, Progress, Skill, Taxonomy, TaxonomyError, TaxonomySource
from echo_core.skills.taxonomy.tables import Table, find_table

__all__ = ["esco_id", "read_esco"]

CREDIT = "This service uses the ESCO classification of the European Commission."
LICENCE = "Reuse with acknowledgement, Commission Decision 2011/833/EU; modified versions must be marked as such"

_VERSION = re.compile(r"v?(\d+\.\d+(?:\.\d+)?)(?=\D|$)")
_STEMS = ("skills", "skillGroups", "occupations")


def read_esco(
    folder: Path | str,
    languages: Sequence[str] = ("en",),
    *,
    label_folders: Sequence[Path | str] = (),
    version: str | None = None,
    imported_at: datetime | None = None,
    progress: Progress | None = None,
) -> Taxonomy:
    """The skills, knowledge, groups and, where the folder has them, occupations of an ESCO release.

    Args:
        folder: holds the CSV files. `skills_<first language>` and the broader relations must be there.
        languages: labels to read. The first names the concepts; the others may be missing from `folder` when one of
            `label_folders` has them (URIs are stable across releases, so labels of one can be joined to another).
        label_folders: further folders with `skills_<language>*.csv`, `skillGroups_<language>.csv`,
            `occupations_<language>.csv` or `ISCOGroups_<language>.csv`, holding conceptUri, preferredLabel, altLabels;
            or conceptUri, labelType ("preferred" or "alternative"), label.
        version: the release; read from the folder's name when not given.
        imported_at: time-zone aware; kept in the source record.
        progress: called with (file name, rows so far).

    Raises:
        TaxonomyError: a file or a column is missing; the message names it.
    """
    base = Path(folder)
    main, *others = languages or ("en",)
    extra = [Path(folder_name) for folder_name in label_folders]
    concepts = Concepts()
    concepts.read(find_table(base, f"skills_{main}", progress=progress), main)
    if groups := find_table(base, f"skillGroups_{main}", required=False, progress=progress):
        concepts.read(groups, main, kind=GROUP)
    for language in others:
        _read_labels(concepts, language, (base, *extra), progress)
    stem = "broaderRelationsSkillPillar"
    concepts.read_broader(find_table(base, stem, f"{stem}_{main}", progress=progress))
    related = find_table(base, "skillSkillRelations", f"skillSkillRelations_{main}", required=False, progress=progress)
    occupations = read_occupations(base, (main, *others), extra, concepts, progress)
    source = TaxonomySource(
        key="esco",
        title="ESCO, European Skills, Competences, Qualifications and Occupations",
        version=version or _version_of(base),
        licence=LICENCE,
        credit=CREDIT,
        url="https://esco.ec.europa.eu/",
        imported_at=imported_at,
    )
    return Taxonomy.of(_skills(concepts, related), source, occupations=occupations)


def _read_labels(concepts: Concepts, language: str, folders: Sequence[Path], progress: Progress | None) -> None:
    any_table = False
    for at in folders:
        for stem in _STEMS:
            for table in label_tables(at, stem, language, progress):
                any_table = True
                if stem != "occupations":
                    concepts.read_labels(table, language)
    if not any_table:
        looked = ", ".join(str(folder) for folder in folders)
        raise TaxonomyError(f"ESCO has no labels in {language!r}: no file skills_{language}*.csv in {looked}")


def _version_of(folder: Path) -> str:
    for name in (folder.name, folder.parent.name):
        if match := _VERSION.search(name):
            return match[1]
    return "unknown"


def _skills(concepts: Concepts, relations: Table | None) -> Iterator[Skill]:
    related: dict[str, dict[str, None]] = {}
    for skill, other in relations.rows("originalSkillUri", "relatedSkillUri") if relations else ():
        if skill in concepts.kinds and other in concepts.kinds and skill != other:
            related.setdefault(skill, {})[esco_id(other)] = None
    for uri, kind in concepts.kinds.items():
        labels = concepts.labels(uri)
        yield Skill(
            id=esco_id(uri),
            label=labels[0].text,
            labels=labels,
            kind=kind,
            description=concepts.descriptions[uri],
            broader=concepts.broader(uri),
            related=tuple(related.get(uri, ())),
            uri=uri,
            source="esco",
        )
