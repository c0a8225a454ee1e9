"""What a task of kind "sync" does: syncs a connection, and pauses its schedule where a person must act first."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from echo_core.connectors.errors import TransientError
from echo_hub.jobs import Attempt, ScheduleError, TaskStopped, end_due
from echo_hub.services.actor import SCHEDULER
from echo_hub.services.hub import Hub
from echo_hub.services.intents import operations, schedules
from echo_hub.store.leases import LeaseTakenError
from echo_hub.store.runs import RunReport
from echo_hub.sync.session import StreamProgress

log = logging.getLogger(__name__)


def sync_for_task(hub: Hub, attempt: Attempt) -> None:
    """Syncs the connection that a task names, and ends the task. What a stream's failure says is in its run.

    Settings or credentials that the source refuses pause the schedule: trying them again every hour helps nobody and
    locks accounts.

    Raises:
        TaskStopped: the runs go on where they stand when the next attempt begins.
        TransientError: somebody else syncs the connection now.
        SettingsError: it is not configured any more.
    """
    connection: str = attempt.task.payload["connection"]

    def tell(progress: StreamProgress) -> None:
        total = f"/{progress.total:,}" if progress.total else ""
        attempt.progress(f"{progress.stream} {progress.read:,}{total}")

    full: bool = attempt.task.payload.get("full", False)
    reports = operations.sync(
        SCHEDULER, hub, [connection], full=full, stop=attempt.stop, progress=tell, task_id=attempt.task.id
    )
    if attempt.stop.is_set() and any(report.outcome == "stopped" for report in reports):
        raise TaskStopped
    if reports and all(report.error_code == LeaseTakenError.code for report in reports):
        raise TransientError(reports[0].error_message or "", code=LeaseTakenError.code)
    for report in reports:
        if report.outcome == "failed":
            where = "/".join(filter(None, (connection, report.stream)))
            log.error("%s: failed [%s] %s", where, report.error_code, report.error_message)
    refused = _refused(hub, connection, reports)
    outcomes = Counter(str(report.outcome) for report in reports)
    with attempt.finishing(
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    ) as transaction:
        with suppress(ScheduleError):  # no next moment: the clock says so at its next look, and pauses it
            end_due(transaction, attempt.task)
        if refused:
            with suppress(ScheduleError):  # it was removed meanwhile
                schedules.pause(SCHEDULER, hub, connection, because=refused[0].error_message)
            log.error("the schedule of %s is paused: %s", connection, refused[0].error_message)


def _refused(hub: Hub, connection: str, reports: Sequence[RunReport]) -> list[RunReport]:
    """What a person must put right before the connection is of use again: an optional stream alone is not it."""
    refused = [report for report in reports if _waits_for_a_person(report)]
    if refused and len(refused) < len(reports):
        settings = hub.settings.connection(connection)
        optional = {stream.name for stream in settings.connector.streams_for(settings.config) if stream.optional}
        refused = [report for report in refused if report.stream not in optional]
    return refused


def _waits_for_a_person(report: RunReport) -> bool:
    return report.outcome == "failed" and (report.error_code or "").startswith(("auth.", "config."))
