"""Mistakes around the database: out of reach, on a network drive, of another release; schedules that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import make_url

from echo_core.connectors.errors import HubError
from echo_hub.jobs import ScheduleError, list_schedules, next_run
from echo_hub.jobs.cron import zone
from echo_hub.settings import Settings
from echo_hub.store.database import Database, open_database
from echo_hub.store.figures import store_figures
from echo_hub.store.network_drive import network_drive
from echo_hub.upkeep.doctor.finding import Finding, advice, wrong
from echo_hub.upkeep.upgrade import plan

PATIENCE = timedelta(minutes=10)
"""How long a task may wait for a worker before something is wrong."""


def database_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What is wrong with the database and what is stored in it."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    where = _named(url) if url else str(settings.data_dir)
    if url is None and (kind := network_drive(settings.data_dir)) is not None:
        yield wrong(
            "database.network_drive",
            where,
            f"The data folder lies on a network drive ({kind}), where SQLite loses data.",
            "Set data_dir to a folder on a disk of this machine, or use PostgreSQL (database_url).",
        )
        return
    if url is None and not settings.data_dir.exists():
        yield _empty(where)
        return
    try:
        database = open_database(url, settings.data_dir, busy_timeout_s=5)
    except HubError as error:
        mend = "Correct database_url, or ECHO_HUB_DATABASE_URL, which wins over it."
        yield wrong("database.unusable", where, error.message, mend)
        return
    try:
        yield from _of(database, settings, where, now)
    except HubError as error:
        mend = "Start the server, or correct address, user and password in what database_url refers to; then try again."
        yield wrong("database.unreachable", where, error.message, mend)
    finally:
        database.close()


def _named(url: str) -> str:
    """The database's address without user and password."""
    try:
        parsed = make_url(url)
    except Exception:  # noqa: BLE001 -- whatever SQLAlchemy says may quote the password
        return "hub.database_url"
    return f"{parsed.get_backend_name()} {parsed.host or ''}/{parsed.database or ''}"


def _empty(where: str) -> Finding:
    return advice("database.empty", where, "There are no tables yet.", "They are made at the first start.")


def _of(database: Database, settings: Settings, where: str, now: datetime) -> Iterator[Finding]:
    planned = plan(database)
    if planned.state == "empty":
        yield _empty(where)
    elif planned.state == "newer":
        yield wrong(
            "database.newer",
            where,
            f"A newer Echo Hub wrote it ({planned.database_schema}); this one knows {planned.release_schema}.",
            "Upgrade this installation, or restore a backup of before.",
        )
    elif planned.state == "behind":
        count = len(planned.migrations)
        mend = "Back up, then run echo-hub upgrade, or start the hub."
        yield advice("database.behind", where, f"It lacks {count} migrations of this release.", mend)
    else:
        yield from _schedules(database, settings, now)
        yield from _tasks(database, now)
        with database.reading() as transaction:
            imported = transaction.first_row("SELECT 1 FROM taxonomy_source LIMIT 1")
        if imported is None:
            yield advice(
                "taxonomy.missing",
                where,
                "No taxonomy is imported: skills are matched by the small starter taxonomy.",
                "Import ESCO or O*NET: echo-hub skills import --help.",
            )


def _tasks(database: Database, now: datetime) -> Iterator[Finding]:
    figures = store_figures(database)
    failed = sum(count for (_, state), count in figures.tasks.items() if state == "failed")
    if figures.task_due is not None and now - figures.task_due > PATIENCE:
        yield wrong(
            "task.waiting",
            "tasks",
            f"A task has waited for a worker since {figures.task_due:%Y-%m-%d %H:%M} UTC: none runs, or all are busy.",
            "Start echo-hub worker, or echo-hub serve without --no-worker.",
        )
    if failed:
        mend = "echo-hub tasks list --state failed says why; echo-hub tasks retry when that is mended."
        yield advice("task.failed", "tasks", f"Tasks that failed for good: {failed}.", mend)


def _schedules(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    for schedule in list_schedules(database):
        where = f"schedule of {schedule.connection}"
        if schedule.connection not in settings.names:
            yield wrong(
                "schedule.orphan",
                where,
                "The settings have no connection of that name any more, and every run of it fails.",
                f"echo-hub schedule pause {schedule.connection}, or put the connection back.",
            )
            continue
        mend = f"Set it anew: echo-hub schedule set {schedule.connection} --help."
        try:
            zone(schedule.time_zone)
        except ScheduleError as error:
            yield wrong("schedule.time_zone", where, error.message, f"{mend} Without zones at all: pip install tzdata.")
            continue
        try:
            next_run(schedule, now)
        except ScheduleError as error:
            yield wrong("schedule.never", where, error.message, mend)
