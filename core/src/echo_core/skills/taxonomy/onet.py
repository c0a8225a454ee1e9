"""Reads skills, technologies and occupations of the O*NET® database (text files, tab-separated, plain or gzip).

Ids are "onet:" and the element id of the content model ("onet:2.A.1.a"), the commodity code of a technology class
("onet:43232202"), or "onet:tech/<slug>" for a named product, which has no code of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from echo_core.skills.taxonomy.graph import GROUP, Label, Progress, Skill, Taxonomy, TaxonomySource
from echo_core.skills.taxonomy.onet_occupations import read_occupations
from echo_core.skills.taxonomy.tables import find_table

LICENCE = "CC BY 4.0"
URL = "https://www.onetcenter.org/database.html"
_CREDIT = (
    "This page includes information from the O*NET {version} Database by the U.S. Department of Labor, Employment and "
    "Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA."
)
_BRANCHES = ("2.A", "2.B", "2.C")  # basic skills, cross-functional skills, knowledge
_VERSION = re.compile(r"(\d+)[._](\d+)")


def read_onet(
    folder: Path | str,
    *,
    technologies: bool = True,
    version: str | None = None,
    imported_at: datetime | None = None,
    progress: Progress | None = None,
) -> Taxonomy:
    """The skill and knowledge elements of the content model, the named technologies below their classes, occupations.

    Reads `Content Model Reference` and, unless `technologies` is False, `Technology Skills`; occupations from the
    tables that `onet_occupations` names, if they are there. The version is taken from
    the folder's name ("db_29_2") or the `Read Me` beside the files when not given.

    Raises:
        TaxonomyError: a file or a column is missing; the message names it.
    """
    base = Path(folder)
    release = version or _version_of(base)
    skills = list(_elements(base, progress))
    if technologies:
        skills.extend(_technologies(base, progress))
    source = TaxonomySource(
        key="onet",
        title="O*NET® Database",
        version=release,
        licence=LICENCE,
        credit=_CREDIT.format(version=release),
        url=URL,
        imported_at=imported_at,
    )
    occupations = read_occupations(base, {skill.id for skill in skills}, _slug, progress)
    return Taxonomy.of(skills, source, occupations=occupations)


def _elements(base: Path, progress: Progress | None) -> Iterator[Skill]:
    table = find_table(base, "Content Model Reference", progress=progress)
    rows = [
        row
        for row in table.rows("Element ID", "Element Name", "Description")
        if any(row[0] == branch or row[0].startswith(branch + ".") for branch in _BRANCHES)
    ]
    ids = {row[0] for row in rows}
    parents = {element.rpartition(".")[0] for element in ids}
    for element, name, description in rows:
        parent = element.rpartition(".")[0]
        kind = GROUP if element in parents else "knowledge" if element.startswith("2.C") else "skill"
        yield _skill(f"onet:{element}", name, kind, [f"onet:{parent}"] if parent in ids else [], description)


def _technologies(base: Path, progress: Progress | None) -> Iterator[Skill]:
    classes: dict[str, str] = {}
    products: dict[str, tuple[str, dict[str, None]]] = {}
    table = find_table(base, "Technology Skills", progress=progress)
    for example, code, title in table.rows("Example", "Commodity Code", "Commodity Title"):
        name = example.strip()
        if name and code:
            classes.setdefault(code, title.strip())
            products.setdefault(_slug(name), (name, {}))[1].setdefault(code)
    for code, title in classes.items():
        yield _skill(f"onet:{code}", title, GROUP, [], "")
    for slug, (name, codes) in products.items():
        yield _skill(f"onet:tech/{slug}", name, "technology", [f"onet:{code}" for code in codes], "")


def _skill(skill_id: str, name: str, kind: str, broader: list[str], description: str) -> Skill:
    label = name.strip()
    return Skill(
        id=skill_id,
        label=label,
        labels=(Label(label, "en", preferred=True),),
        kind=kind,
        description=description.strip(),
        broader=tuple(broader),
        source="onet",
    )


def _slug(name: str) -> str:
    lowered = name.lower().replace("+", "-plus").replace("#", "-sharp")
    return re.sub(r"[^\w]+", "-", lowered).strip("-")


def _version_of(folder: Path) -> str:
    read_me = next((path for path in sorted(folder.glob("Read Me*.txt"))), None) if folder.is_dir() else None
    texts = [folder.name, read_me.read_text(encoding="utf-8", errors="replace")[:200] if read_me else ""]
    return next((f"{match[1]}.{match[2]}" for text in texts if (match := _VERSION.search(text))), "unknown")
