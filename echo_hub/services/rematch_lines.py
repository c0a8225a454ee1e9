"""Matches as lines of a file, JSON or CSV: what comes in line after line is put into its form once.

A company has millions of lines, and one process writes them, however many machines make the lists.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from functools import lru_cache

from echo_core.text.neutral import escaped_json
from echo_core.text.table_cells import safe_cell
from echo_hub.services.rematch import Match

HEADS = ("person", "rank", "opportunity", "kind", "score", "features", "weights", "revision")
KEPT = 1 << 16
"""Forms of texts that are kept: those of a large company's opportunities."""


class MatchLines:
    """Makes the lines of one file.

    Args:
        table: CSV instead of JSON Lines.
        weights, revision: what all matches come from.
    """

    def __init__(self, weights: str, revision: int, *, table: bool) -> None:
        self.head = f"{','.join(HEADS)}\n".encode() if table else b""
        self._form: Callable[[str | tuple[str, ...]], str] = lru_cache(KEPT)(_cell if table else _json)
        line = "{}\n".format(",".join(["%s"] * len(HEADS)))
        if not table:
            line = "{{{}}}\n".format(", ".join(f'"{head}": %s' for head in HEADS))
        self._line, self._behind = line, (self._form(weights), str(revision))

    def of(self, matches: Iterable[Match]) -> bytes:
        """Some matches, a line each."""
        form, line, behind = self._form, self._line, self._behind
        lines = [
            line
            % (
                form(match.person),
                match.rank,
                form(match.opportunity),
                form(match.kind),
                repr(match.score),
                form(match.features),
                *behind,
            )
            for match in matches
        ]
        return "".join(lines).encode()


def _json(value: str | tuple[str, ...]) -> str:
    return escaped_json(json.dumps(value, ensure_ascii=False))


def _cell(value: str | tuple[str, ...]) -> str:
    """A text, or several with a blank between them, as a cell that is not the only one of its row."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([safe_cell(value if isinstance(value, str) else " ".join(value)), ""])
    return text.getvalue()[:-1]
