"""Tables of a taxonomy release on disk: CSV or tab-separated, plain or gzip, with a byte-order mark or without.

Releases come from their publishers in UTF-8, and one that is not is damaged; tables that people make are read by
`echo_core.text.table_reader`.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, Literal, overload

from echo_core.skills.taxonomy.graph import Progress, TaxonomyError

_SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
_REPORT_EVERY = 2_000


@dataclass(frozen=True)
class Table:
    """One file with a header row. Rows may be longer or shorter than the header (ESCO's hierarchy is).

    `skip` is the number of rows before the header, as the official crosswalk has them.
    """

    path: Path
    progress: Progress | None = None
    skip: int = 0

    def rows(self, *columns: str, optional: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
        """The named columns of every row; an optional column that the file lacks is an empty string.

        Raises:
            TaxonomyError: a column is missing, or the file is not text in UTF-8.
        """
        lines = self.lines()
        _, names = next(islice(lines, self.skip, None), (0, []))
        header = [name.strip() for name in names]
        missing = [name for name in columns if name not in header]
        if missing:
            have = ", ".join(header) or "nothing"
            raise TaxonomyError(f"{self.path} lacks the column {', '.join(missing)}; it has {have}")
        wanted = [header.index(name) if name in header else -1 for name in (*columns, *optional)]
        count = 0
        for count, (_, row) in enumerate(lines, start=1):
            width = len(row)
            yield tuple([row[at] if 0 <= at < width else "" for at in wanted])
            if self.progress and count % _REPORT_EVERY == 0:
                self.progress(self.path.name, count)
        if self.progress:
            self.progress(self.path.name, count)

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Every row as it is, the header too, each with the number of the line it begins in (from 1).

        Raises:
            TaxonomyError: the file is not text in UTF-8.
        """
        delimiter = "\t" if _tabbed(self.path) else ","
        with self._open() as stream:
            reader = csv.reader(stream, delimiter=delimiter, quoting=_quoting(self.path))
            begins = 1
            try:
                for row in reader:
                    yield begins, row
                    begins = reader.line_num + 1
            except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
                raise TaxonomyError(f"{self.path} cannot be read as a table in UTF-8: {error}") from error

    def _open(self) -> TextIOWrapper | IO[str]:
        if self.path.suffix == ".gz":
            return TextIOWrapper(gzip.open(self.path, "rb"), encoding="utf-8-sig", newline="")
        return self.path.open(encoding="utf-8-sig", newline="")


def _tabbed(path: Path) -> bool:
    return ".csv" not in path.suffixes[-2:]


def _quoting(path: Path) -> Literal[0, 3]:
    # O*NET's tab-separated text has bare quotation marks inside fields
    return csv.QUOTE_NONE if _tabbed(path) else csv.QUOTE_MINIMAL


@overload
def find_table(
    folder: Path, *stems: str, required: Literal[True] = True, progress: Progress | None = None
) -> Table: ...
@overload
def find_table(folder: Path, *stems: str, required: bool, progress: Progress | None = None) -> Table | None: ...
def find_table(folder: Path, *stems: str, required: bool = True, progress: Progress | None = None) -> Table | None:
    """The first file in the folder with one of these names and a known suffix.

    Raises:
        TaxonomyError: it is required and absent; the message names what was looked for and what the folder holds.
    """
    for stem in stems:
        for suffix in _SUFFIXES:
            path = folder / f"{stem}{suffix}"
            if path.is_file():
                return Table(path, progress)
    if not required:
        return None
    if not folder.is_dir():
        raise TaxonomyError(f"{folder} is not a folder")
    present = ", ".join(sorted(path.name for path in folder.iterdir())[:12]) or "nothing"
    raise TaxonomyError(f"{folder} lacks {' or '.join(f'{stem}.csv' for stem in stems)} (it holds {present})")
