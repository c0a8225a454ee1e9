"""Metrics as Prometheus reads them, in a registry of our own. Labels name connections, streams, routes; never a person.

Names and units follow https://prometheus.io/docs/practices/naming/. What comes from the database is the same in every
process on it; requests and the snapshot are of this process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from echo_hub.services.watching import Figures, StoreFigures

CONTENT_TYPE = CONTENT_TYPE_LATEST
KEPT_S = 10.0
"""How long figures of the database are shown again, however many ask for them."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counts requests, and shows them beside the figures of the hub.

    Args:
        figures: reads the hub's figures.
        clock: monotonic seconds, for tests.
    """

    def __init__(self, figures: Callable[[], Figures], clock: Callable[[], float] = time.monotonic) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "echo_hub_request_seconds",
            "How long requests took, by route and status",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_HubFigures(figures, clock))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request. `route` is the template of its path, so that no id becomes a label."""
        self._requests.labels(method if method in METHODS else "other", route, str(status)).observe(seconds)

    def page(self) -> bytes:
        """What Prometheus reads."""
        return generate_latest(self._registry)


class _HubFigures(Collector):
    def __init__(self, figures: Callable[[], Figures], clock: Callable[[], float]) -> None:
        self._figures = figures
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[float, Figures] | None = None

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The figures, read at most every `KEPT_S` seconds."""
        with self._lock:
            if self._kept is None or self._clock() - self._kept[0] >= KEPT_S:
                self._kept = self._clock(), self._figures()
            figures = self._kept[1]
        yield GaugeMetricFamily(
            "echo_hub_database_up", "Whether the database answers", float(figures.store is not None)
        )
        yield from _of_snapshot(figures)
        if figures.store is not None:
            yield from _of_store(figures.store, figures)


def _of_snapshot(figures: Figures) -> Iterable[Metric]:
    build = figures.build
    yield GaugeMetricFamily("echo_hub_snapshot_failures", "Builds that failed one after another", build.failures)
    if build.age_s is not None and build.took_s is not None:
        yield GaugeMetricFamily("echo_hub_snapshot_age_seconds", "Since the newest was finished", build.age_s)
        yield GaugeMetricFamily("echo_hub_snapshot_build_seconds", "How long making the newest took", build.took_s)
    if figures.snapshot is not None:
        snapshot = figures.snapshot
        yield GaugeMetricFamily("echo_hub_snapshot_revision", "Data revision it was made from", snapshot.revision)
        yield GaugeMetricFamily("echo_hub_snapshot_people", "People in it", snapshot.people)
        yield _by(GaugeMetricFamily, "echo_hub_snapshot_opportunities", "What is open", "kind", snapshot.opportunities)
        yield _by(GaugeMetricFamily, "echo_hub_set_aside_items", "Stored, and left out", "kind", snapshot.set_aside)


def _by(
    family: type[GaugeMetricFamily], name: str, about: str, label: str, values: dict[str, int]
) -> GaugeMetricFamily:
    metric = family(name, about, labels=(label,))
    for value, count in sorted(values.items()):
        metric.add_metric((value,), count)
    return metric


def _of_store(store: StoreFigures, figures: Figures) -> Iterable[Metric]:
    stream = ("connection", "stream")
    runs = CounterMetricFamily("echo_hub_runs", "Runs that ended", labels=(*stream, "outcome"))
    records = CounterMetricFamily("echo_hub_records", "Records, by what became of them", labels=(*stream, "result"))
    ended = GaugeMetricFamily(
        "echo_hub_run_ended_timestamp_seconds", "When the last ended", labels=(*stream, "outcome")
    )
    sums: dict[tuple[str, str, str], int] = {}
    for row in store.runs:
        runs.add_metric((row.connection, row.stream, row.outcome), row.runs)
        if row.last_ended is not None:
            ended.add_metric((row.connection, row.stream, row.outcome), row.last_ended.timestamp())
        for result, count in row.records.items():
            key = row.connection, row.stream, result
            sums[key] = sums.get(key, 0) + count
    for key, count in sums.items():
        records.add_metric(key, count)
    quarantined = GaugeMetricFamily("echo_hub_quarantine_open", "Records in quarantine", labels=stream)
    for pair, count in store.quarantined.items():
        quarantined.add_metric(pair, count)
    removals_on_hold = GaugeMetricFamily("echo_hub_holds_open", "Removals that wait for a person", labels=stream)
    for pair, count in store.removals_on_hold.items():
        removals_on_hold.add_metric(pair, count)
    lag = GaugeMetricFamily("echo_hub_schedule_lag_seconds", "How long a run is overdue", labels=("connection",))
    for connection, due in store.due.items():
        lag.add_metric((connection,), max(0.0, (figures.now - due).total_seconds()))
    tasks = GaugeMetricFamily("echo_hub_tasks", "Tasks that are not done", labels=("kind", "state"))
    for pair, count in store.tasks.items():
        tasks.add_metric(pair, count)
    late = 0.0 if store.task_due is None else max(0.0, (figures.now - store.task_due).total_seconds())
    waited = GaugeMetricFamily("echo_hub_task_lag_seconds", "How long a task has waited for a worker", late)
    yield from (runs, records, ended, quarantined, removals_on_hold, lag, tasks, waited)
