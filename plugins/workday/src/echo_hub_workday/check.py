"""`echo-hub connections check` for Workday: is the sign-in good, are the reports there, do they say what is needed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from echo_core.connectors import AuthError, CheckResult, HubError, NotPermitted, RecordError, StreamContext
from echo_core.model import Person
from echo_hub_workday.config import WorkdayConfig
from echo_hub_workday.countries import country_code
from echo_hub_workday.languages import language_tag
from echo_hub_workday.mapping import map_worker
from echo_hub_workday.raas import Tally, collect
from echo_hub_workday.raw import WorkerRaw
from echo_hub_workday.reports import Report
from echo_hub_workday.spool import WorkerSpool
from echo_hub_workday.values import text

_SENSITIVE = re.compile(
    r"birth|gender|sex\b|ethnic|race\b|relig|disab|marital|nationality|citizen|national_id|passport|ssn|social_sec"
    r"|salary|compensation|pay_|bonus|bank|home|personal|private|emergency|dependent|leave_type|leave_reason"
    r"|termination_reason|photo|street|postal|military|veteran|tobacco|medical|pronoun|rating",
    re.IGNORECASE,
)

_Checked = Generator[CheckResult, None, Tally | None]


def check(ctx: StreamContext) -> Iterator[CheckResult]:
    """Reads every report once and says what is good, what is not, and what to do. Stores nothing.

    A report runs as long as in a sync; nothing of a person appears in a result, only columns, counts and the names of
    countries, languages and cities nobody knows.
    """
    config: WorkdayConfig = ctx.config
    with WorkerSpool() as workers:
        tally = yield from _report(ctx, config.workers, workers, sign_in=True)
        if tally is not None:
            yield _surplus(tally)
            yield from _Findings.of(ctx, workers).results()
    if config.skills.enabled:
        with WorkerSpool() as skills:
            yield from _report(ctx, config.skills, skills)
    if config.languages.enabled:
        with WorkerSpool() as languages:
            tally = yield from _report(ctx, config.languages, languages)
            if tally is not None:
                yield _unknown_languages(config, languages)


def _report(ctx: StreamContext, report: Report, spool: WorkerSpool, *, sign_in: bool = False) -> _Checked:
    """Sign-in, report and columns; gives the tally when the report can be used."""
    name = f"report {report.report}"
    try:
        tally = collect(ctx, report, spool)
    except AuthError as error:
        refused = not isinstance(error, NotPermitted)
        if sign_in and not refused:
            yield CheckResult("sign-in", True, "Workday knows the integration user.")
        message, _, advice = error.message.partition(". ")
        yield CheckResult("sign-in" if refused else name, False, f"{message}.", advice)
        return None
    except HubError as error:
        yield CheckResult(name, False, error.message, error.detail)
        return None
    if sign_in:
        yield CheckResult("sign-in", True, "Workday knows the integration user.")
    if not tally.rows:
        yield CheckResult(
            name,
            False,
            "The report runs and has no rows.",
            "Check its filters and prompts, and which organisations the integration user's group may see.",
        )
        return None
    yield CheckResult(name, True, f"{tally.rows:,} rows about {len(spool):,} workers.")
    if missing := tally.missing():
        yield CheckResult(
            f"columns of {report.report}",
            False,
            f"No row has a value in {', '.join(missing)}.",
            "Add the columns to the report, map the report's own names in `columns`, or grant the integration user "
            f"their security domains. Not understood so far: {', '.join(sorted(tally.surplus)[:20]) or 'none'}.",
        )
        return None
    empty = [column.name for column in report.contract if column.name not in tally.filled]
    rest = f" Without a value everywhere: {', '.join(empty)}." if empty else ""
    yield CheckResult(f"columns of {report.report}", True, f"All required columns are there.{rest}")
    return tally


def _surplus(tally: Tally) -> CheckResult:
    sensitive = sorted(name for name in tally.surplus if _SENSITIVE.search(name))
    if sensitive:
        return CheckResult(
            "minimisation",
            False,
            f"The report also sends {', '.join(sensitive[:10])}. The connector drops them unread.",
            "Take these columns out of the report, so that they never leave Workday.",
        )
    others = f"; {len(tally.surplus)} further columns are dropped unread" if tally.surplus else ""
    return CheckResult("minimisation", True, f"No column that looks sensitive{others}.")


def _unknown_languages(config: WorkdayConfig, languages: WorkerSpool) -> CheckResult:
    unknown: Counter[str] = Counter()
    for _, rows in languages.groups():
        for row in rows:
            name = text(row.get("Language"))
            if name and not language_tag(name, config.values.languages):
                unknown[name] += 1
    return _vocabulary("languages", unknown, "values.languages")


@dataclass(slots=True)
class _Findings:
    """What mapping all workers once brings to light."""

    people: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    nobody: int = 0
    mails: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, ctx: StreamContext, workers: WorkerSpool) -> _Findings:
        findings, config = cls(), ctx.config
        today = ctx.now().date()
        for worker, rows in workers.groups():
            if worker is None:
                findings.nobody += 1
                continue
            raw = WorkerRaw.model_validate({"Workday_ID": worker, "Read_On": today, "rows": rows})
            findings._add(raw, config)
        return findings

    def _add(self, raw: WorkerRaw, config: WorkdayConfig) -> None:
        try:
            mapped = list(map_worker(raw, config))
        except RecordError as error:
            self.refused[error.field] += 1
            self.reasons.setdefault(error.field, error.message)
            return
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            self.refused[where] += 1
            self.reasons.setdefault(where, error.errors()[0]["msg"])
            return
        for record in mapped:
            if not isinstance(record, Person):
                self.excluded[record.rule] += 1
                continue
            self.people += 1
            if record.work_email:
                self.mails[record.work_email] += 1
            for row in raw.rows:
                country, zone = text(row.country_iso2), text(row.time_zone)
                if country and not country_code(country, config.values.countries):
                    self.countries[country] += 1
                if zone and record.time_zone is None:
                    self.zones[zone] += 1

    def results(self) -> Iterator[CheckResult]:
        """The findings, most serious first."""
        yield CheckResult(
            "ids",
            self.nobody == 0,
            f"{self.nobody:,} rows have no Workday_ID." if self.nobody else "Every row has a Workday_ID.",
            "They go to quarantine, because they belong to nobody. Give the column a value on every row."
            if self.nobody
            else "",
        )
        left_out = ", ".join(f"{count:,} {rule}" for rule, count in sorted(self.excluded.items()))
        summary = f"{self.people:,} people can be read" + (f", left out: {left_out}." if left_out else ".")
        if self.refused:
            worst = ", ".join(f"{name} ({count:,})" for name, count in self.refused.most_common(5))
            advice = " ".join(self.reasons[name] for name, _ in self.refused.most_common(3))
            yield CheckResult("values", False, f"{summary} {sum(self.refused.values()):,} cannot: {worst}.", advice)
        else:
            yield CheckResult("values", True, summary)
        yield self._mail()
        yield _vocabulary("countries", self.countries, "values.countries")
        yield _vocabulary("time zones", self.zones, "values.time_zones (by city)")

    def _mail(self) -> CheckResult:
        with_mail = sum(self.mails.values())
        without = (self.people - with_mail) / self.people if self.people else 0.0
        shared = sum(1 for count in self.mails.values() if count > 1)
        message = f"{without:.0%} of people have no work e-mail; {shared:,} addresses are used by several people."
        if with_mail or not self.people:
            return CheckResult("work e-mail", True, message)
        return CheckResult(
            "work e-mail",
            False,
            message,
            "Map Work_Email to the primary work address, or grant the domain Person Data: Work Contact Information.",
        )


def _vocabulary(name: str, unknown: Counter[str], setting: str) -> CheckResult:
    if not unknown:
        return CheckResult(name, True, f"All {name} are understood.")
    some = ", ".join(f"{word} ({count:,})" for word, count in unknown.most_common(8))
    return CheckResult(name, False, f"Not understood and left empty: {some}.", f"Add them to {setting}.")
