"""Reads a company's own skills from one CSV file, as any spreadsheet writes it.

The header names the columns; `id` and `label` must be there:

    id,label,language,alternative labels,broader,related,description,kind,same as

Several values in one cell stand on lines of their own or are parted by "|". `broader` and `related` are ids of the file
or of another source ("esco:…"); `same as` are ids of other sources that mean the same skill. A further row with the
same id adds the labels of another language, everything else it says is left out of account.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.precedence import CLASSIFICATIONS, STARTER
from echo_core.skills.taxonomy.records import GROUP, Label, Skill, TaxonomyError, TaxonomySource
from echo_core.skills.taxonomy.starter import KINDS
from echo_core.text.letters import has_letters_or_digits
from echo_core.text.normal_form import comparable
from echo_core.text.table_reader import TableError, read_table

COLUMNS = ("id", "label", "language", "alternative labels", "broader", "related", "description", "kind", "same as")
KEY = "company"

_KEY = re.compile(r"[a-z][a-z0-9-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_ID = re.compile(r"[^\s:|,;]+")
_PARTS = re.compile(r"[|\n]")


class CompanyFileError(TaxonomyError):
    """Rows of a company's file cannot be used. `problems` has one sentence for each, with its line, in order."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        super().__init__("\n  ".join((f"{path} has {count}; nothing was imported:", *problems)))
        self.problems = tuple(problems)


def read_company(
    path: Path | str,
    *,
    key: str = KEY,
    known: Container[str] | None = None,
    version: str = "1",
    imported_at: datetime | None = None,
) -> Taxonomy:
    """The skills of a company's file as a source of their own, ids "<key>:<id of the file>".

    Args:
        path: the CSV file.
        key: names the source; one company may have several.
        known: ids of other sources; with it, an id of another source that is not among them is a problem.
        version: the company's own, or the day of the import.
        imported_at: time-zone aware; kept in the source record.

    Raises:
        CompanyFileError: names every row that cannot be used, by line.
        TaxonomyError: the file is missing or is no table, or the key cannot be used.
    """
    file = Path(path)
    if not _KEY.fullmatch(key) or key in (STARTER, *CLASSIFICATIONS):
        taken = ", ".join((STARTER, *CLASSIFICATIONS))
        raise TaxonomyError(f"{key!r} cannot name a source: small letters, digits and hyphens, and none of {taken}")
    if not file.is_file():
        raise TaxonomyError(f"{file} is not a file; name the CSV file with the company's skills")
    reader = _Reader(key, known)
    try:
        reader.read(file)
    except (TableError, OSError) as error:
        raise TaxonomyError(f"{file} cannot be read as a table. {error}") from error
    reader.check()
    if reader.problems:
        raise CompanyFileError(file, [f"line {line}: {text}" for line, text in sorted(reader.problems)])
    source = TaxonomySource(key, "The company's own skills", version, "", "", None, imported_at)
    return Taxonomy.of((entry.skill(key) for entry in reader.entries.values()), source)


@dataclass
class _Entry:
    """One skill of the file while it is read; `line` is where it begins."""

    id: str
    line: int
    labels: list[Label]
    kind: str
    description: str
    broader: tuple[str, ...]
    related: tuple[str, ...]
    same: tuple[str, ...]

    def skill(self, source: str) -> Skill:
        return Skill(
            id=self.id,
            label=self.labels[0].text,
            labels=tuple(self.labels),
            kind=self.kind,
            description=self.description,
            broader=self.broader,
            related=self.related,
            source=source,
            same=self.same,
        )


@dataclass
class _Reader:
    key: str
    known: Container[str] | None
    entries: dict[str, _Entry] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # so that a row that names a bad one is not called bad too

    def read(self, file: Path) -> None:
        with file.open("rb") as source:
            table = read_table(source, short_rows=True)
            names = ", ".join(table.columns)
            if missing := [name for name in ("id", "label") if name not in map(comparable, table.columns)]:
                self.problems.append((1, f"the column {' and '.join(missing)} is missing; it has {names}"))
                return
            self.problems.extend((1, f"there are two columns {name!r}") for name in table.repeated)
            for name in table.columns:
                if comparable(name) not in COLUMNS:
                    self.problems.append((1, f"there is no column {name!r}; valid: {', '.join(COLUMNS)}"))
            for row in table.rows():
                if row.fault:
                    self.problems.append((row.line, row.fault))
                else:
                    self.row(row.line, row.cells)

    def row(self, line: int, cells: dict[str, str]) -> None:
        name, label = cells.get("id", "").removeprefix(f"{self.key}:"), cells.get("label", "")
        language, kind = cells.get("language") or "en", cells.get("kind") or "competence"
        faults = []
        if not _ID.fullmatch(name):
            faults.append(f"the id {name!r} is empty or has a blank, colon, comma, semicolon or bar")
        aliases = [text for text in _several(cells.get("alternative labels", "")) if text != label]
        if not label:
            faults.append("the label is empty")
        faults.extend(
            f"the name {text!r} has no letter or digit that is seen, so nobody could find the skill by it"
            for text in (label, *aliases)
            if text and not has_letters_or_digits(text)
        )
        if not _LANGUAGE.fullmatch(language):
            faults.append(f"the language {language!r} is no code like en or de")
        if kind not in KINDS:
            faults.append(f"the kind {kind!r} is not one of {', '.join(sorted(KINDS))}")
        identity = f"{self.key}:{name}"
        entry = self.entries.get(identity)
        if entry and any(label.language == language for label in entry.labels):
            faults.append(f"the id {name!r} has labels in {language!r} from line {entry.line} on already")
        self.problems.extend((line, fault) for fault in faults)
        if faults:
            self.refused.add(identity)
            return
        labels = [Label(text, language, preferred=at == 0) for at, text in enumerate((label, *aliases))]
        if entry:
            entry.labels.extend(labels)
            return
        above, beside = self._ids(cells.get("broader", "")), self._ids(cells.get("related", ""))
        same = _several(cells.get("same as", ""))
        self.entries[identity] = _Entry(identity, line, labels, kind, cells.get("description", ""), above, beside, same)

    def _ids(self, cell: str) -> tuple[str, ...]:
        return tuple(name if ":" in name else f"{self.key}:{name}" for name in _several(cell))

    def check(self) -> None:
        """Finds what only the whole file shows: ids that lead nowhere, circles, one name for two skills."""
        names: dict[tuple[str, str], _Entry] = {}
        for entry in self.entries.values():
            self._check_ids(entry)
            if entry.id in self._above(entry):
                self.problems.append((entry.line, f"{self._short(entry.id)} is broader than itself"))
            for label in entry.labels:
                if label.preferred and entry.kind != GROUP:
                    first = names.setdefault((label.language, label.text.casefold()), entry)
                    if first is not entry:
                        told = f"{label.text!r} is the label of {self._short(first.id)} in line {first.line} already"
                        self.problems.append((entry.line, told))

    def _check_ids(self, entry: _Entry) -> None:
        for column, ids in (("broader", entry.broader), ("related", entry.related), ("same as", entry.same)):
            for skill_id in ids:
                own = skill_id.startswith(f"{self.key}:")
                if column == "same as" and (own or ":" not in skill_id):
                    told = f"{skill_id!r} in {column!r} is no id of another source, like esco:… or onet:…"
                    self.problems.append((entry.line, told))
                elif (own and skill_id not in self.entries and skill_id not in self.refused) or (
                    not own and self.known is not None and skill_id not in self.known
                ):
                    self.problems.append((entry.line, f"there is no {self._short(skill_id)!r}, named in {column!r}"))

    def _above(self, entry: _Entry) -> set[str]:
        seen: set[str] = set()
        waiting = list(entry.broader)
        while waiting:
            skill_id = waiting.pop()
            if skill_id not in seen:
                seen.add(skill_id)
                waiting.extend(self.entries[skill_id].broader if skill_id in self.entries else ())
        return seen

    def _short(self, identity: str) -> str:
        return identity.removeprefix(f"{self.key}:")


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _PARTS.split(cell) if part.strip()))
