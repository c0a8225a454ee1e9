"""The streams of a Workday connection: workers (with their languages) and their skills.

Every run reads the whole report and hands nothing on before all of it has arrived; there is nothing to resume from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from echo_core.connectors import Page, RecordError, Stream, StreamContext, Window
from echo_core.model import Person
from echo_hub_workday.config import WorkdayConfig
from echo_hub_workday.levels import level_of
from echo_hub_workday.mapping import is_active, map_skill, map_worker, skill_key
from echo_hub_workday.raas import collect
from echo_hub_workday.raw import SkillRaw, WorkerRaw
from echo_hub_workday.reports import Report
from echo_hub_workday.spool import WorkerSpool
from echo_hub_workday.values import identifier, instances, text

T = TypeVar("T")

WORKERS_PER_PAGE = 500
SKILLS_PER_PAGE = 2_000


def worker_key(raw: Mapping[str, Any]) -> str | None:
    """The key of a raw worker: its Workday ID, None on a row that belongs to nobody."""
    return raw.get("Workday_ID") or None


def read_workers(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """All workers, 500 a page, every row of one worker together; with their languages where that report is on.

    Endpoint: GET customreport2/{tenant}/{owner}/{report}?format=json, once per slice. No paging, no change filter.

    Raises:
        HubError: a report or slice failed, before the first page is handed on.
    """
    del window, resume  # a report is always complete and has no second page to start from
    with WorkerSpool() as workers, WorkerSpool() as languages:
        yield from _batched(worker_raws(ctx, workers, languages), WORKERS_PER_PAGE, lambda: len(workers))


def worker_raws(ctx: StreamContext, workers: WorkerSpool, languages: WorkerSpool) -> Iterator[dict[str, Any]]:
    """Fills the spools from the reports, then gives each worker's raw record."""
    config: WorkdayConfig = ctx.config
    if config.languages.enabled:
        collect(ctx, config.languages, languages).demand()
    collect(ctx, config.workers, workers).demand()
    read_on = ctx.now().date().isoformat()
    for worker, rows in workers.groups():
        raw: dict[str, Any] = {"Workday_ID": worker or "", "rows": rows, "languages": languages.of(worker)}
        yield raw if _plainly_active(rows) else {**raw, "Read_On": read_on}


def _plainly_active(rows: Iterable[Mapping[str, Any]]) -> bool:
    try:
        return any(is_active(row.get("Active")) for row in rows)
    except RecordError:
        return False


def read_skills(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """All skills of all workers, at most 2,000 a page.

    Endpoint: as for the workers.

    Raises:
        HubError: the report or a slice failed, before the first page is handed on.
    """
    del window, resume  # a report is always complete and has no second page to start from
    config: WorkdayConfig = ctx.config
    with WorkerSpool() as rows:
        collect(ctx, config.skills, rows).demand()
        skills = (skill for worker, group in rows.groups() for skill in skills_of(worker, group, config))
        yield from _batched(skills, SKILLS_PER_PAGE, lambda: None)


def skills_of(worker: str | None, rows: Iterable[Mapping[str, Any]], config: WorkdayConfig) -> Iterator[dict[str, Any]]:
    """One raw record per skill and source of a worker, from any set-up of the report.

    A column may hold one skill, several in one text, or a list of groups; ids and levels in columns of their own
    belong to the skills only when there are as many. A row without any skill says that the worker has none. Of two
    rows about the same skill from the same source the higher level counts, whatever the order of rows.
    """
    report, own_levels = config.skills, config.values.levels
    strongest: dict[str, dict[str, Any]] = {}
    for row in rows:
        skills = list(instances(row.get("Skill"), report.separators.get("Skill")))
        if not skills and identifier(row.get("Skill_ID")):
            skills = [(None, None)]
        ids, remote_ids, levels = (_beside(row, name, len(skills), report) for name in _BESIDE)
        for index, (identity, label) in enumerate(skills):
            raw = {
                "Workday_ID": worker or "",
                "Skill_ID": identity or ids[index],
                "Skill_Remote_ID": remote_ids[index],
                "Skill": label or "",
                "Source": text(row.get("Source")),
                "Level": levels[index],
            }
            key = skill_key(raw) or repr(sorted(raw.items(), key=str))
            rivals = [raw, strongest[key]] if key in strongest else [raw]
            strongest[key] = max(rivals, key=lambda rival: (level_of(rival["Level"], own_levels) or 0, str(rival)))
    yield from strongest.values()


_BESIDE = ("Skill_ID", "Skill_Remote_ID", "Level")


def _beside(row: Mapping[str, Any], column: str, skills: int, report: Report) -> list[str | None]:
    """A column's value for each skill of the row, or none for all where the numbers differ."""
    separator = report.separators.get(column) or report.separators.get("Skill") if skills > 1 else None
    by_id = column != "Level"
    values = [(a or b) if by_id else (b or a) for a, b in instances(row.get(column), separator)]
    return list(values) if len(values) == skills else [None] * skills


def _batched(records: Iterator[dict[str, Any]], size: int, total: Any) -> Iterator[Page]:
    while batch := list(islice(records, size)):
        yield Page(batch, total=total())


def streams(config: WorkdayConfig) -> tuple[Stream, ...]:
    """The workers, and their skills unless switched off."""
    workers = Stream(
        name="workers",
        raw=WorkerRaw,
        read=read_workers,
        map=map_worker,
        entities=("person",),
        key=worker_key,
        removal="snapshot",
        max_removal_ratio=0.05,
        fills=PERSON_FIELDS,
    )
    skills = Stream(
        name="worker_skills",
        raw=SkillRaw,
        read=read_skills,
        map=map_skill,
        entities=("skill_assertion",),
        key=skill_key,
        removal="snapshot",
        optional=True,
        fills=("person", "claim"),
    )
    return (workers, skills) if config.skills.enabled else (workers,)


PERSON_FIELDS = tuple(name for name in Person.model_fields if name not in ("skills", "preferences"))
"""Every field of a person but `skills`, which have a stream of their own, and `preferences`, which no report has."""
