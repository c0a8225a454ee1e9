"""The starter taxonomy: written for this project, so that common skills are understood with nothing imported.

The data lies in `starter_data/`, one outline per area. A line is one skill; two blanks of indentation put it below the
line above it, which makes that one broader. Fields are parted by "|":

    Label | alias; alias | < another broader; … | ~ related; … | de: preferred; alias | ! kind

Others are named by their label, in any file. The kind is one of `KINDS`; `group` marks a node that only orders others.
Roles that ask for these skills lie beside them, see `starter_occupations`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from echo_core.skills.taxonomy.graph import GROUP, Label, Skill, Taxonomy, TaxonomyError, TaxonomySource
from echo_core.skills.taxonomy.starter_occupations import PREFIX, starter_occupations

KINDS = frozenset({"technology", "method", "knowledge", "competence", "attitude", "language", GROUP})

SOURCE = TaxonomySource(
    key="starter",
    title="Echo Hub starter taxonomy",
    version="1",
    licence="Apache-2.0",
    credit="",
)

_SLUG_WORDS = {"c": "c", "c++": "c-plus-plus", "c#": "c-sharp", ".net": "dotnet", "asp.net": "asp-dotnet"}
_LANGUAGE_FIELD = re.compile(r"([a-z]{2}):\s*(.+)", re.DOTALL)


@dataclass(slots=True)
class _Line:
    """One line of an outline, before labels are turned into ids."""

    where: str
    label: str
    depth: int
    parent: str | None = None
    kind: str = ""
    labels: list[Label] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)


@cache
def starter() -> Taxonomy:
    """The starter taxonomy, read once per process. A slip in the data raises `TaxonomyError` naming file and line."""
    folder = files("echo_core.skills.taxonomy") / "starter_data"
    lines: list[_Line] = []
    for file in sorted(folder.iterdir(), key=lambda path: path.name):
        if file.name.endswith(".txt") and not file.name.startswith(PREFIX):
            lines.extend(parse_outline(file.read_text(encoding="utf-8"), name=file.name))
    skills = assemble(lines)
    roles = starter_occupations({line.label: skill_id(line.label) for line in lines}, SOURCE.key)
    return Taxonomy(skills.skills, skills.sources, {role.id: role for role in roles})


def parse_outline(text: str, *, name: str = "outline") -> Iterator[_Line]:
    """The lines of one outline, each with the label of the line it hangs under. `name` appears in errors."""
    above: list[_Line] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        where = f"{name}, line {number}"
        indent = len(raw) - len(raw.lstrip(" "))
        depth, odd = divmod(indent, 2)
        if odd or depth > len(above):
            raise TaxonomyError(f"{where}: indented by {indent} blanks, expected an even number up to {2 * len(above)}")
        line = _parse_line(raw.strip(), where, depth)
        line.parent = above[depth - 1].label if depth else None
        del above[depth:]
        above.append(line)
        yield line


def _parse_line(raw: str, where: str, depth: int) -> _Line:
    label, *fields = (part.strip() for part in raw.split("|"))
    line = _Line(where, label, depth)
    line.labels.append(Label(label, "en", preferred=True))
    for part in fields:
        if part.startswith("<"):
            line.broader += _names(part[1:])
        elif part.startswith("~"):
            line.related += _names(part[1:])
        elif part.startswith("!"):
            line.kind = part[1:].strip()
        elif match := _LANGUAGE_FIELD.fullmatch(part):
            line.labels += [Label(name, match[1], preferred=not at) for at, name in enumerate(_names(match[2]))]
        else:
            line.labels += [Label(name, "en", preferred=False) for name in _names(part)]
    return line


def _names(part: str) -> list[str]:
    return [name.strip() for name in part.split(";") if name.strip()]


def assemble(lines: list[_Line]) -> Taxonomy:
    """Turn outline lines into a graph; labels named as broader or related must exist in some file."""
    ids = {line.label: skill_id(line.label) for line in lines}
    skills = []
    kinds: dict[str, str] = {}
    for line in lines:
        kinds[line.label] = kind = line.kind or kinds.get(line.parent or "", "")
        if kind not in KINDS:
            raise TaxonomyError(f"{line.where}: kind {kind!r} is not one of {', '.join(sorted(KINDS))}")
        named = [*([line.parent] if line.parent else []), *line.broader, *line.related]
        if missing := [name for name in named if name not in ids]:
            raise TaxonomyError(f"{line.where}: {line.label} names {', '.join(missing)}, which no file has")
        parents = [*([line.parent] if line.parent else []), *line.broader]
        skills.append(
            Skill(
                id=ids[line.label],
                label=line.label,
                labels=tuple(line.labels),
                kind=kind,
                broader=tuple(dict.fromkeys(ids[parent] for parent in parents)),
                related=tuple(dict.fromkeys(ids[name] for name in line.related)),
                source=SOURCE.key,
            )
        )
    return Taxonomy.of(skills, SOURCE)


def skill_id(label: str) -> str:
    """The id of a starter skill: "Node.js" is "starter:node-js", "C++" is "starter:c-plus-plus"."""
    lowered = label.lower()
    plain = unicodedata.normalize("NFKD", _SLUG_WORDS.get(lowered, lowered)).encode("ascii", "ignore").decode()
    return "starter:" + re.sub(r"[^a-z0-9]+", "-", plain.replace("&", " and ")).strip("-")
