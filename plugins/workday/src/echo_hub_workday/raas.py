"""Reading a custom report as JSON (RaaS): one GET per slice, parsed piece by piece, cut to the contract's columns.

RaaS has no paging, order or total, and answers with XML unless JSON is asked for. Source: fact sheet section 5.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import ijson  # type: ignore[import-untyped]  # it ships no types

from echo_core.connectors import (
    AuthError,
    ContractError,
    HubError,
    NotPermitted,
    RateLimited,
    StreamContext,
    TransientError,
)
from echo_hub_workday.reports import Report
from echo_hub_workday.spool import WorkerSpool
from echo_hub_workday.values import identifier

_HEAD_BYTES = 65_536
_MAX_NAMES = 300
_SHARE = (
    "Share the report with the integration user (or a group of it), enable it as a web service, grant the user's group "
    "the domains of its columns and activate the pending security policy changes; then check report name and owner in "
    "the settings, because Workday gives the same answer for a name that does not exist."
)


@dataclass(slots=True)
class Tally:
    """What a report was like: its rows, which contract columns ever had a value, which other columns came along."""

    report: Report
    rows: int = 0
    no_rows: int = 0
    filled: set[str] = field(default_factory=set)
    surplus: set[str] = field(default_factory=set)

    def missing(self) -> tuple[str, ...]:
        """Required columns no row has a value in. Workday leaves out an empty value, so one row proves nothing."""
        if not self.rows:
            return ()
        required = (column.name for column in self.report.contract if column.required)
        return tuple(name for name in required if name not in self.filled)

    def demand(self) -> None:
        """Refuses a report without its required columns: it was changed, or a domain was taken from the user.

        Raises:
            ContractError: code "source.column_missing".
        """
        if missing := self.missing():
            wanted = ", ".join(_called(self.report, name) for name in missing)
            raise ContractError(
                f"The report {self.report.report} has no value in {wanted} on any row. Add the column, map it in the "
                "settings, or grant the integration user its security domain: Workday leaves out what the user may "
                "not see.",
                detail=f"other columns seen: {', '.join(sorted(self.surplus)[:20]) or 'none'}",
                code="source.column_missing",
            )


def collect(ctx: StreamContext, report: Report, spool: WorkerSpool) -> Tally:
    """Runs the report, slice after slice, and puts the contract's columns of every row into the spool.

    Raises:
        HubError: a slice failed. Nothing may be handed on then: half a report looks like mass departures.
    """
    tally = Tally(report)
    own = {alias for _, alias in report.aliases()}
    for prompts in report.prompts():
        for entry in entries(ctx, report, prompts):
            if not isinstance(entry, dict):
                tally.no_rows += 1
                spool.add(None, {})  # nobody's: where rows become records, it is set aside
                continue
            for whole in unfold(entry):
                row = project(whole, report)
                tally.rows += 1
                tally.filled |= row.keys()
                if len(tally.surplus) < _MAX_NAMES:
                    tally.surplus |= whole.keys() - own
                spool.add(identifier(row.get("Workday_ID")), row)
    if tally.no_rows and not tally.rows:
        raise ContractError(f"The report {report.report} holds no row that is an object.")
    if tally.no_rows:
        ctx.log.warning("the report %s holds %d rows that are no objects", report.report, tally.no_rows)
    return tally


def entries(ctx: StreamContext, report: Report, prompts: Mapping[str, str]) -> Iterator[Any]:
    """The rows of one run of the report, as Workday sends them: objects, unless one is broken.

    Raises:
        AuthError: wrong credentials.
        NotPermitted: a report that is not shared (code "auth.report_not_shared").
        ContractError: no JSON, or JSON without Report_Entry. It is never taken for an empty report.
        TransientError: anything that may pass, after one repeat.
    """
    path = quote(report.report, safe="")
    try:
        with ctx.http.stream(path, params={**prompts, "format": "json"}) as chunks:
            yield from _parsed(chunks, report)
    except HubError as error:
        raise _advised(error, report) from None


def unfold(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row with a sub-group ("Skills_group": [{…}, …]) as one row per member, each with the row's own columns.

    Workday writes related business objects as lists under {Business_Object}_group. Several groups are opened one
    beside the other, not multiplied.
    """
    groups = {
        key: entry[key]
        for key in entry
        if key.endswith("_group")
        and isinstance(entry[key], list)
        and entry[key]
        and all(isinstance(item, dict) for item in entry[key])
    }
    if not groups:
        yield dict(entry)
        return
    outside = {key: value for key, value in entry.items() if key not in groups}
    for members in groups.values():
        for member in members:
            yield {**outside, **member}


def project(row: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The contract's columns of a row, under the contract's names, without empty ones. Nothing else passes."""
    kept: dict[str, Any] = {}
    for name, alias in report.aliases():
        value = row.get(alias)
        if value is None or value == "" or value == []:
            value = report.constants.get(name)
        if value is not None:
            kept[name] = value
    return kept


def _parsed(chunks: Iterable[bytes], report: Report) -> Iterator[Any]:
    head = bytearray()

    def watched() -> Iterator[bytes]:
        for chunk in chunks:
            if len(head) <= _HEAD_BYTES:
                head.extend(chunk[: _HEAD_BYTES + 1 - len(head)])
            yield chunk

    rows = 0
    try:
        # Without use_float: with it a whole number beyond 64 bits ends the report as if it were cut off.
        for row in ijson.items(ijson.from_iter(watched()), "Report_Entry.item"):
            rows += 1
            yield row
    except ijson.JSONError:
        if not head.lstrip().startswith((b"{", b"[")):
            raise _not_a_report(report, "the answer is not JSON") from None
        raise TransientError(
            f"The report {report.report} ends in the middle.",
            detail=f"after {rows} rows; Workday ends a run after 30 minutes, slice the report if that is the reason",
            code="source.truncated",
        ) from None
    if rows == 0 and not _is_empty_report(bytes(head)):
        raise _not_a_report(report, "there is no list Report_Entry in it")


def _is_empty_report(head: bytes) -> bool:
    try:
        body = json.loads(head)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("Report_Entry") == []


def _not_a_report(report: Report, why: str) -> ContractError:
    return ContractError(
        f"Workday's answer is not the report {report.report}. Nothing was changed.",
        detail=why,
        code="source.not_a_report",
    )


def _advised(error: HubError, report: Report) -> HubError:
    """The error with what to do about it in Workday. Source: fact sheet sections 2.2 and 5.1."""
    advised: HubError
    if error.status == 401:
        advised = AuthError(
            "Workday did not accept the sign-in. Check name and password of the integration user, or the API "
            "client and its refresh token, and that the user may sign in from this address.",
            detail=error.detail,
            code=error.error_code,
        )
    elif error.status == 403 or (error.status == 500 and _says_not_authorized(error.body_json)):
        advised = NotPermitted(
            f"Workday does not let the integration user run the report {report.report}. {_SHARE}",
            detail=error.detail,
            code="auth.report_not_shared",
        )
    elif error.status == 500 and isinstance(error, TransientError) and not isinstance(error, RateLimited):
        advised = TransientError(
            f"Workday could not run the report {report.report}. If this stays: {_SHARE}",
            detail=error.detail,
            code=error.error_code,
        )
    else:
        return error
    advised.status, advised.body_json = error.status, error.body_json
    return advised


def _says_not_authorized(body: object) -> bool:
    """Whether an error body says "The task submitted is not authorized"; its exact form is not documented."""
    return "not authorized" in json.dumps(body, default=str).lower()


def _called(report: Report, name: str) -> str:
    alias = report.alias(name)
    return name if alias == name else f"{name} (called {alias})"
