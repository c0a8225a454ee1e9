"""The queue as a table to fill in with any spreadsheet: one row for each name, decisions in four columns."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

from echo_core.text.table_cells import TableWriter
from echo_core.text.table_reader import TableError, read_table
from echo_hub.services.deciding import ACTIONS, Deciding
from echo_hub.services.errors import ChoiceError, RequestError
from echo_hub.services.queue import QueueItem
from echo_hub.store.name_decisions import NameChoice, NameId

COLUMNS = (
    *("item", "name", "scheme", "external_id", "people", "opportunities", "connections", "reason"),
    *("candidate_id", "candidate", "confidence"),
    *("decision", "skill", "broader", "note"),
)
_WORST = 20


def write_decisions(items: Iterable[QueueItem]) -> str:
    """The queue as CSV with a byte order mark, as spreadsheets like it; the decision columns are empty.

    Args:
        items: with their sentences in words.
    """
    text = StringIO(newline="")
    rows = TableWriter(text)
    rows.write(COLUMNS)
    for item in items:
        best = item.candidates[0] if item.candidates else None
        rows.write(
            (
                *(item.id, item.name, item.scheme, item.external_id, item.people, item.opportunities),
                *(" ".join(item.connections), item.reason.text),
                *((best.skill_id, best.skill, best.confidence) if best else ("", "", "")),
                *("", "", "", ""),
            )
        )
    return text.getvalue()


def read_decisions(file: bytes, deciding: Deciding) -> list[NameChoice]:
    """The choices of a filled-in table; rows without a decision are left alone.

    Columns may stand in any order; only `name` and `decision` must be there, so that a table written by hand works.

    Raises:
        ChoiceError: lists every row that cannot be done; nothing is then to be stored.
    """
    choices: list[NameChoice] = []
    wrong: list[str] = []
    try:
        table = read_table(file, short_rows=True)
        if table.repeated:
            raise ChoiceError(f"The file has two columns {table.repeated[0]}; leave one.")
        if missing := [name for name in ("name", "decision") if not table.has(name)]:
            raise ChoiceError(f"The file has no column {' and no column '.join(missing)}.")
        for row in table.rows():
            try:
                if row.fault:
                    raise ChoiceError(row.fault)
                if row.cells["decision"]:
                    choices += _row(row.cells, deciding)
            except RequestError as error:
                wrong.append(f"line {row.line}: {error.message}")
    except TableError as error:
        raise ChoiceError(f"The file cannot be read as a table. {error}") from error
    if wrong:
        more = f"\n… and {len(wrong) - _WORST} more" if len(wrong) > _WORST else ""
        raise ChoiceError("Nothing was applied.\n" + "\n".join(wrong[:_WORST]) + more)
    return choices


def _row(cells: dict[str, str], deciding: Deciding) -> list[NameChoice]:
    action = cells["decision"].lower()
    if action not in ACTIONS:
        raise ChoiceError(f"{action!r} is no decision; valid: {', '.join(ACTIONS)}.")
    name, note = cells["name"], cells.get("note", "")
    skill, broader = cells.get("skill") or None, cells.get("broader") or None
    if cells.get("external_id"):
        known = NameId.of(name, None, cells.get("scheme"), cells["external_id"])
        return [deciding.choice(action, known, name, skill=skill, broader=broader, note=note)]
    if cells.get("item"):  # the row of one spelling, not of every source's name that is spelled so
        return [deciding.choice(action, NameId.of(name), name, skill=skill, broader=broader, note=note)]
    return deciding.choices(action, name, skill=skill, broader=broader, note=note)
