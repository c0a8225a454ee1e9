"""The two streams of a folder: people and opportunities, each one file that is read whole at every sync."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from echo_core.connectors import ContractError, Page, Stream, StreamContext, Window
from echo_core.text.table_reader import Table, TableError, read_table
from echo_hub_csv_folder.columns import OPPORTUNITIES, PEOPLE, REQUIRED, Column, headers_of
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.files import find_file, whole_copy
from echo_hub_csv_folder.mapping import map_person
from echo_hub_csv_folder.opportunities import MODELS, map_opportunity
from echo_hub_csv_folder.raw import OpportunityRow, PersonRow

ROWS_PER_PAGE = 500
MEGABYTE = 1_000_000
_POSITION = frozenset({"file", "line"})
Pause = Callable[[float], None]


class OpenFile:
    """A file of the folder, opened: `headers` are those that are read, by column; one has the rows' ids."""

    def __init__(self, name: str, table: Table, headers: dict[str, str], id_column: str) -> None:
        self.name = name
        self.table = table
        self.headers = headers
        self._id_column = id_column

    def raws(self) -> Iterator[dict[str, Any]]:
        """Each row as a raw record. Of rows with one id the first counts; the others say so as their fault.

        Raises:
            TableError: the file is cut off.
        """
        first_lines: dict[str, int] = {}
        for row in self.table.rows():
            raw: dict[str, Any] = {"file": self.name, "line": row.line}
            raw |= {name: cell for name, header in self.headers.items() if (cell := row.cells[header])}
            first = first_lines.setdefault(raw.get(self._id_column, ""), row.line)
            if row.fault:
                raw["fault"] = row.fault
            elif first != row.line and self._id_column in raw:
                raw["fault"] = f"Its {self._id_column} stands in line {first} already, and that row counts."
            yield raw


@contextmanager
def open_file(ctx: StreamContext, kind: str, pause: Pause) -> Iterator[OpenFile]:
    """The people or the opportunities file, copied when it was whole.

    Raises:
        TransientError: it is not there, or still being written.
        ContractError: it is no table, a column is missing, or it is cut off (code "source.table").
    """
    config: CsvFolderConfig = ctx.config
    settings = config.people if kind == "people" else config.opportunities
    path = find_file(config.folder, settings.file)
    copied = whole_copy(path, settle_s=config.settle_s, most_bytes=config.max_mb * MEGABYTE, now=ctx.now, pause=pause)
    with copied as copy:
        try:
            table = read_table(
                copy, code_page=config.code_page, short_rows=config.short_rows, most_bytes=config.max_mb * MEGABYTE
            )
            headers = headers_of(table, COLUMNS[kind], settings.columns)
            _demand(table, headers, kind)
            yield OpenFile(path.name, table, headers, REQUIRED[kind][0])
        except TableError as error:
            raise ContractError(f"{path.name} cannot be read: {error}", code="source.table") from error


COLUMNS: Mapping[str, tuple[Column, ...]] = {"people": PEOPLE, "opportunities": OPPORTUNITIES}


def _demand(table: Table, headers: Mapping[str, str], kind: str) -> None:
    missing = [name for name in REQUIRED[kind] if name not in headers]
    if kind == "people" and not headers.keys() & {"name", "last_name"}:
        missing.append("name")
    if missing:
        raise TableError(
            f"No column is {' or '.join(missing)}. Name its header under {kind}.columns in the settings; there are "
            f"{', '.join(table.columns)}."
        )


def read(ctx: StreamContext, window: Window, resume: Any, *, kind: str, pause: Pause) -> Iterator[Page]:
    """All rows of one file, 500 a page.

    Raises:
        HubError: see `open_file`.
    """
    del window, resume  # a file is always complete and read from its start
    with open_file(ctx, kind, pause) as file:
        raws = file.raws()
        while rows := list(islice(raws, ROWS_PER_PAGE)):
            yield Page(rows)


def _employee_id(raw: Mapping[str, Any]) -> str | None:
    return raw.get("employee_id") or None


def streams(config: CsvFolderConfig, *, pause: Pause = time.sleep) -> tuple[Stream, ...]:
    """A stream for each file that the settings name. `pause` waits for a file to come to rest, in seconds."""
    people = Stream(
        name="people",
        raw=PersonRow,
        read=partial(read, kind="people", pause=pause),
        map=map_person,
        entities=("person",),
        key=_employee_id,
        max_removal_ratio=0.05,
        fills=PERSON_FIELDS,
        position=_POSITION,
    )
    opportunities = Stream(
        name="opportunities",
        raw=OpportunityRow,
        read=partial(read, kind="opportunities", pause=pause),
        map=map_opportunity,
        entities=tuple(MODELS),
        fills=OPPORTUNITY_FIELDS,
        position=_POSITION,
    )
    named = ((config.people.file, people), (config.opportunities.file, opportunities))
    return tuple(stream for file, stream in named if file)


def _fields(columns: tuple[Column, ...]) -> tuple[str, ...]:
    named = (name for column in columns for name in column.fills.split(", "))
    return tuple(dict.fromkeys(name for name in named if " " not in name))


PERSON_FIELDS, OPPORTUNITY_FIELDS = _fields(PEOPLE), _fields(OPPORTUNITIES)
