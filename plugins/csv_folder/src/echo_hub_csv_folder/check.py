"""`echo-hub connections check` for a folder: are the files there, which columns are read, which rows cannot be."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from echo_core.connectors import CheckResult, HubError, RecordError, Stream, StreamContext
from echo_core.text.countries import country_code
from echo_core.text.language_names import language_code
from echo_core.text.normal_form import comparable
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.streams import ID_COLUMN, OpenFile, open_file, streams
from echo_hub_csv_folder.values import parts, with_levels

_TOLD = 3
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def check(ctx: StreamContext, pause: Callable[[float], None] = time.sleep) -> Iterator[CheckResult]:
    """Reads each file once, whole, and says what is good, what is not, and what to do. Stores nothing.

    No cell of a person appears in a result but names of countries and languages nobody knows.
    """
    for stream in streams(ctx.config):
        try:
            with open_file(ctx, stream.name, pause) as file:
                yield from _rows(stream, file, ctx.config)
        except HubError as error:
            yield CheckResult(stream.name, False, error.message, error.detail)


def _rows(stream: Stream, file: OpenFile, config: CsvFolderConfig) -> Iterator[CheckResult]:
    faults: list[str] = []
    unknown: dict[str, Counter[str]] = {"country": Counter(), "languages": Counter()}
    count = 0
    for raw in file.raws(ID_COLUMN[stream.name]):
        count += 1
        try:
            for _ in stream.map(stream.raw.model_validate(raw), config):
                pass
        except RecordError as error:
            faults.append(error.message)
        for column, names in _unknown(raw, config.separator):
            unknown[column].update(names)
    table = file.table
    written = f"{table.encoding}, parted by {_SEPARATORS.get(table.separator, repr(table.separator))}"
    described = f"{file.name} ({written}) has {count:,} rows"
    more = f" … and {len(faults) - _TOLD:,} more" if len(faults) > _TOLD else ""
    if faults:
        said = f"{described}, {len(faults):,} of them cannot be read and would go to quarantine."
        yield CheckResult(stream.name, False, said, " ".join(faults[:_TOLD]) + more)
    else:
        yield CheckResult(stream.name, count > 0, f"{described}, and all can be read.", "" if count else "Fill it.")
    read = ", ".join(f"{name} from {header!r}" for name, header in file.headers.items())
    rest = [name for name in table.columns if comparable(name) not in file.headers.values()]
    left = f" Not read: {', '.join(rest)}." if rest else ""
    yield CheckResult(f"{stream.name}: columns", True, f"Read: {read}.{left}")
    for column, words in unknown.items():
        if words:
            some = ", ".join(f"{word} ({times:,})" for word, times in words.most_common(8))
            said = f"Not understood and left empty: {some}."
            yield CheckResult(f"{stream.name}: {column}", False, said, "Write the usual name or the code.")


def _unknown(raw: dict[str, Any], separator: str) -> Iterable[tuple[str, list[str]]]:
    if (country := raw.get("country")) and country_code(country) is None:
        yield "country", [country]
    if "employee_id" in raw:
        names = [name for name, _, _ in with_levels(raw.get("languages", ""), separator)]
    else:
        names = list(parts(raw.get("languages", ""), separator))
    yield "languages", [name for name in names if language_code(name) is None]
