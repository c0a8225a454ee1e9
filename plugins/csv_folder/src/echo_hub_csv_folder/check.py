"""`echo-hub connections check` for a folder: are the files there, which columns are read, which rows cannot be."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from echo_core.connectors import CheckResult, HubError, RecordError, Stream, StreamContext
from echo_core.text.countries import country_code
from echo_core.text.language_names import language_code
from echo_core.text.normal_form import comparable
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.streams import OpenFile, open_file, streams
from echo_hub_csv_folder.values import with_levels

_TOLD = 3
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def check(ctx: StreamContext, pause: Callable[[float], None] = time.sleep) -> Iterator[CheckResult]:
    """Reads each file once, whole, and says what is good, what is not, and what to do. Stores nothing.

    No cell of a person appears in a result but names of countries and languages nobody knows.
    """
    for stream in streams(ctx.config):
        try:
            with open_file(ctx, stream.name, pause) as file:
                findings = _Findings()
                for raw in file.raws():
                    findings.add(raw, stream, ctx.config)
                yield findings.rows(stream.name, file)
                yield _columns(stream.name, file)
                yield from findings.unknown(stream.name)
        except HubError as error:
            yield CheckResult(stream.name, False, error.message, error.detail)


def _columns(name: str, file: OpenFile) -> CheckResult:
    read = ", ".join(f"{column} from {header!r}" for column, header in file.headers.items())
    rest = [header for header in file.table.columns if comparable(header) not in file.headers.values()]
    left = f" Not read: {', '.join(rest)}." if rest else ""
    return CheckResult(f"{name}: columns", True, f"Read: {read}.{left}")


@dataclass(slots=True)
class _Findings:
    """What reading every row of a file once brings to light."""

    count: int = 0
    faults: list[str] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    managers: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, raw: dict[str, Any], stream: Stream, config: CsvFolderConfig) -> None:
        self.count += 1
        try:
            for _ in stream.map(stream.raw.model_validate(raw), config):
                pass
        except RecordError as error:
            self.faults.append(error.message)
        if (country := raw.get("country")) and country_code(country) is None:
            self.countries[country] += 1
        spoken = (name for name, _, _ in with_levels(raw.get("languages", ""), config.separator))
        self.languages.update(name for name in spoken if language_code(name) is None)
        if stream.name == "people":
            self.people.add(raw.get("employee_id", ""))
            self.managers[raw.get("manager_id", "")] += 1

    def rows(self, name: str, file: OpenFile) -> CheckResult:
        """How the file is written, and whether its rows can be read."""
        table = file.table
        written = f"{table.encoding}, parted by {_SEPARATORS.get(table.separator, repr(table.separator))}"
        described = f"{file.name} ({written}) has {self.count:,} rows"
        if not self.faults:
            advice = "" if self.count else "Have the export write its rows."
            return CheckResult(name, self.count > 0, f"{described}, and all can be read.", advice)
        more = f" … and {len(self.faults) - _TOLD:,} more" if len(self.faults) > _TOLD else ""
        described += f", {len(self.faults):,} of them cannot be read and would go to quarantine."
        return CheckResult(name, False, described, " ".join(self.faults[:_TOLD]) + more)

    def unknown(self, name: str) -> Iterator[CheckResult]:
        """Names that mean nobody and nothing here."""
        for words, column in ((self.countries, "country"), (self.languages, "languages")):
            if words:
                some = ", ".join(f"{word} ({times:,})" for word, times in words.most_common(8))
                told = f"Not understood and left empty: {some}."
                yield CheckResult(f"{name}: {column}", False, told, "Write the usual name or the code.")
        strangers = sum(times for manager, times in self.managers.items() if manager and manager not in self.people)
        if strangers:
            yield CheckResult(
                f"{name}: manager_id",
                False,
                f"In {strangers:,} of {self.count:,} rows the manager is no employee id of the file.",
                "Export the manager's employee id, not the name; name its header in people.columns where needed.",
            )
