"""Reads the occupations of ESCO, the ISCO-08 groups above them, and the skills each asks for.

`occupations_<language>.csv`, `ISCOGroups_<language>.csv`, `broaderRelationsOccPillar*.csv` and
`occupationSkillRelations*.csv`, or in its place `occupationSkillLabels_<language>.csv` (occupationUri, relationType,
skillPreferredLabel), as copies of 1.2 go round in which the relations name skills by label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from echo_core.skills.taxonomy.esco_concepts import Concepts, esco_id, label_tables
from echo_core.skills.taxonomy.graph import Progress
from echo_core.skills.taxonomy.records import GROUP, Occupation, OccupationSkill
from echo_core.skills.taxonomy.tables import find_table

_STEMS = ("occupations", "ISCOGroups")


def read_occupations(
    folder: Path,
    languages: Sequence[str],
    label_folders: Sequence[Path],
    skills: Concepts,
    progress: Progress | None,
) -> list[Occupation]:
    """The occupations and groups of a release; none where the folder has no occupations in the first language.

    A label table may list occupations and groups together. Relations to skills that are not in `skills` are left out.

    Raises:
        TaxonomyError: a column is missing; the message names it.
    """
    main, *others = languages
    table = find_table(folder, f"occupations_{main}", required=False, progress=progress)
    if table is None:
        return []
    concepts = Concepts()
    concepts.read(table, main, kind="", hidden=True)
    if groups := find_table(folder, f"ISCOGroups_{main}", required=False, progress=progress):
        concepts.read(groups, main, kind=GROUP)
    for language in others:
        for at in (folder, *label_folders):
            for stem in _STEMS:
                for labels in label_tables(at, stem, language, progress):
                    concepts.read_labels(labels, language)
    pillar = "broaderRelationsOccPillar"
    if broader := find_table(folder, pillar, f"{pillar}_{main}", required=False, progress=progress):
        concepts.read_broader(broader)
    required = _asked(folder, main, skills, progress)
    return list(_occupations(concepts, required))


def _asked(
    folder: Path, main: str, skills: Concepts, progress: Progress | None
) -> Mapping[str, dict[str, OccupationSkill]]:
    """By occupation URI, the skills asked for by URI; an essential relation outweighs an optional one."""
    relations = "occupationSkillRelations"
    if table := find_table(folder, relations, f"{relations}_{main}", required=False, progress=progress):
        rows = table.rows("occupationUri", "relationType", "skillUri")
        return _gathered(rows, {uri: uri for uri in skills.kinds})
    if table := find_table(folder, f"occupationSkillLabels_{main}", required=False, progress=progress):
        uris = {skills.labels(uri)[0].text: uri for uri in skills.kinds}
        return _gathered(table.rows("occupationUri", "relationType", "skillPreferredLabel"), uris)
    return {}


def _gathered(rows: Iterator[tuple[str, ...]], uris: Mapping[str, str]) -> dict[str, dict[str, OccupationSkill]]:
    # ESCO has 120,000 relations to 14,000 skills: one record per skill and importance serves all of them.
    made: dict[tuple[str, bool], OccupationSkill] = {}
    gathered: dict[str, dict[str, OccupationSkill]] = {}
    for occupation, relation, named in rows:
        uri = uris.get(named.strip())
        if uri is None:
            continue
        essential = relation == "essential"
        required = made.get((uri, essential))
        if required is None:
            required = made[uri, essential] = OccupationSkill(esco_id(uri), essential)
        have = gathered.setdefault(occupation, {})
        if essential or uri not in have:
            have[uri] = required
    return gathered


def _occupations(concepts: Concepts, required: Mapping[str, dict[str, OccupationSkill]]) -> Iterator[Occupation]:
    for uri, kind in concepts.kinds.items():
        labels = concepts.labels(uri)
        yield Occupation(
            id=esco_id(uri),
            label=labels[0].text,
            labels=labels,
            description=concepts.descriptions[uri],
            code=concepts.codes[uri] or None,
            broader=concepts.broader(uri),
            skills=tuple(required.get(uri, {}).values()),
            uri=uri,
            source="esco",
            kind=kind or None,
        )
