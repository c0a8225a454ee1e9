"""The starter roles: titles many companies know, with the starter skills each asks for.

They lie in `starter_data/occupations_*.txt`, one role a line, fields parted by "|":

    Label | other title; other title | + essential skill; … | ? desired skill; … | de: title; other title

Skills are named by their label. A language's first title is the preferred one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from echo_core.skills.taxonomy.records import Label, Occupation, OccupationSkill, TaxonomyError

PREFIX = "occupations_"
_LANGUAGE_FIELD = re.compile(r"([a-z]{2}):\s*(.+)")


def starter_occupations(skills: Mapping[str, str], source: str) -> list[Occupation]:
    """The roles of every file. A slip in the data raises `TaxonomyError` naming file and line.

    Args:
        skills: ids by label.
        source: key of the source the roles belong to; ids are "<source>:role/<title>".
    """
    folder = files("echo_core.skills.taxonomy") / "starter_data"
    occupations: list[Occupation] = []
    for file in sorted(folder.iterdir(), key=lambda path: path.name):
        if file.name.startswith(PREFIX):
            occupations.extend(parse_roles(file.read_text(encoding="utf-8"), skills, source, name=file.name))
    return occupations


def parse_roles(text: str, skills: Mapping[str, str], source: str, *, name: str = "roles") -> Iterator[Occupation]:
    """The roles of one file. `name` appears in errors."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield _role(line, skills, source, f"{name}, line {number}")


def _role(line: str, skills: Mapping[str, str], source: str, where: str) -> Occupation:
    label, *fields = (part.strip() for part in line.split("|"))
    labels = [Label(label, "en", preferred=True)]
    occupation_skills: list[OccupationSkill] = []
    for part in fields:
        if part[:1] in ("+", "?"):
            occupation_skills += _asked(part, skills, where, label)
        elif match := _LANGUAGE_FIELD.fullmatch(part):
            labels += [Label(title, match[1], preferred=not at) for at, title in enumerate(_titles(match[2]))]
        else:
            labels += [Label(title, "en", preferred=False) for title in _titles(part)]
    slug = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return Occupation(f"{source}:role/{slug}", label, tuple(labels), skills=tuple(occupation_skills), source=source)


def _asked(part: str, skills: Mapping[str, str], where: str, label: str) -> Iterable[OccupationSkill]:
    named = _titles(part[1:])
    if missing := [name for name in named if name not in skills]:
        raise TaxonomyError(f"{where}: {label} asks for {', '.join(missing)}, which no file has")
    return [OccupationSkill(skills[name], essential=part.startswith("+")) for name in named]


def _titles(part: str) -> list[str]:
    return [title.strip() for title in part.split(";") if title.strip()]
