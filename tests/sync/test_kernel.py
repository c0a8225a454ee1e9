"""What a sync stores, what it leaves alone, and where it goes on."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from echo_core.connectors.errors import ContractError, NotPermitted, RateLimited, TransientError
from echo_core.connectors.events import PageStored, RunEnded
from echo_hub.store import runs
from echo_hub.store.errors import StoreError
from echo_hub.store.records import data_revision, live_texts
from echo_hub.store.runs import last_runs, list_runs
from echo_hub.sync.kernel import sync_all


def test_every_record_is_stored_once_and_read_back_as_a_record(kit):
    [report] = kit.sync(kit.Source([kit.workers(1, 3), [], kit.workers(4, 5, title="Chef")]))
    assert (report.outcome, report.read, report.written, report.unchanged) == ("done", 5, 5, 0)
    stored = list(live_texts(kit.database))
    assert [one.record.source_id for one in stored] == ["w001", "w002", "w003", "w004", "w005"]
    assert stored[4].record.title == "Chef"
    assert (stored[0].connection, stored[0].stream) == ("acme", "workers")


def test_records_come_ordered_by_connection_entity_and_source_id(kit):
    kit.sync(kit.Source([kit.workers(2, 3)], name="b"), kit.Source([kit.workers(1, 2)], name="a"), name="zeta")
    kit.sync(kit.Source([kit.workers(1, 1)]), name="alpha")
    found = [(text.connection, text.source_id) for text in live_texts(kit.database)]
    assert found == [("alpha", "w001"), ("zeta", "w001"), ("zeta", "w002"), ("zeta", "w002"), ("zeta", "w003")]


def test_what_is_written_when_a_run_opens_is_stored_with_the_run_or_neither_is(kit):
    told = []

    def opened(transaction, report):
        told.append((report.stream, runs.load_run(transaction, report.run_id).outcome))
        if report.stream == "refused":
            raise StoreError("The timeline is full.")

    [report] = kit.sync(kit.Source([kit.workers(1, 1)], name="taken"), opened=opened)
    with pytest.raises(StoreError):
        kit.sync(kit.Source([kit.workers(1, 1)], name="refused"), opened=opened)
    assert told == [("taken", None), ("refused", None)]
    assert [run.run_id for run in list_runs(kit.database)] == [report.run_id]
    kit.sync(kit.Source([kit.workers(1, 1)], name="tried"), opened=opened, dry_run=True)
    assert len(told) == 2


def _row_versions(database):
    with database.reading() as transaction:
        if transaction.sqlite:
            return transaction.rows("SELECT id, payload, changed_at, changed_run FROM record ORDER BY id")
        return transaction.rows("SELECT xmin, ctid, id FROM record ORDER BY id")


def test_an_unchanged_pass_writes_no_record_row_maps_nothing_and_fires_no_page_event(kit, monkeypatch):
    source = kit.Source([kit.workers(1, 40), kit.workers(41, 80)])
    kit.sync(source)
    before, revision = _row_versions(kit.database), data_revision(kit.database)
    source.mapped.clear()
    kit.events.seen.clear()
    written: list[str] = []
    from echo_hub.store import bulk

    monkeypatch.setattr(bulk, "upsert_records", lambda _, rows: written.extend(rows))
    [report] = kit.sync(source)
    assert (report.outcome, report.read, report.written, report.unchanged) == ("done", 80, 0, 80)
    assert written == []
    assert source.mapped == []
    assert _row_versions(kit.database) == before
    assert data_revision(kit.database) == revision
    assert kit.events.names() == ["RunStarted", "RunEnded"]


def test_a_record_that_is_only_restamped_is_not_a_change(kit):
    kit.sync(kit.Source([kit.workers(1, 2, since="2026-04-01T00:00:00Z")]))
    revision = data_revision(kit.database)
    [report] = kit.sync(kit.Source([kit.workers(1, 2, since="2026-04-02T00:00:00Z")]))
    assert (report.written, report.unchanged) == (0, 2)
    assert data_revision(kit.database) == revision


def test_a_changed_record_is_written_and_moves_the_revision(kit):
    kit.sync(kit.Source([kit.workers(1, 3)]))
    revision = data_revision(kit.database)
    kit.clock.move(hours=1)
    [report] = kit.sync(kit.Source([kit.workers(1, 2), [{"id": "w003", "name": "Renamed"}]]))
    assert (report.written, report.unchanged) == (1, 2)
    assert data_revision(kit.database) > revision
    assert kit.stored()["acme:person:w003"].name == "Renamed"
    stored = [event for event in kit.events.seen if isinstance(event, PageStored)]
    assert [event.written for event in stored] == [3, 1]


def test_a_changed_mapping_is_applied_to_raw_records_that_did_not_change(kit):
    kit.sync(kit.Source([kit.workers(1, 3)]))

    def shout(raw, config):
        from echo_core.model import Person

        yield Person(source_id=raw.id, name=raw.name.upper())

    louder = kit.Source([kit.workers(1, 3)], options={"map": shout})
    [report] = kit.sync(louder)
    assert report.written == 3
    assert kit.stored()["acme:person:w001"].name == "WORKER 1"


def test_a_mapping_rewritten_without_effect_costs_one_slow_pass_only(kit):
    kit.sync(kit.Source([kit.workers(1, 3)]))
    calls: list[str] = []

    def same_result(raw, config):
        from echo_core.model import Person

        calls.append(raw.id)
        yield Person(source_id=raw.id, name=raw.name, title=raw.title, updated_at=raw.since)

    for expected in (3, 3):
        [report] = kit.sync(kit.Source([kit.workers(1, 3)], options={"map": same_result}))
        assert (report.written, report.unchanged) == (0, 3)
        assert len(calls) == expected


def test_the_last_of_two_records_with_one_key_counts(kit):
    [report] = kit.sync(kit.Source([[{"id": "w1", "name": "First"}, {"id": "w1", "name": "Second"}]]))
    assert (report.read, report.written) == (2, 1)
    assert kit.stored()["acme:person:w1"].name == "Second"


def test_streams_fail_independently(kit):
    good = kit.Source([kit.workers(1, 3)], name="good")
    bad = kit.Source(
        [kit.workers(4, 6)], name="bad", error=ContractError("Not JSON.", code="source.not_json"), break_before=0
    )
    reports = kit.sync(bad, good)
    assert [(report.stream, report.outcome, report.error_code) for report in reports] == [
        ("bad", "failed", "source.not_json"),
        ("good", "done", None),
    ]
    assert kit.live() == ["w001", "w002", "w003"]


def test_a_stream_that_cannot_even_begin_does_not_stop_the_others(kit):
    from echo_hub.sync.kernel import sync_connection

    class Broken:
        name, entities = "broken", ("person",)
        map = read = key = raw = None

    connection = kit.connection(kit.Source([kit.workers(1, 1)]))
    connection.connector.streams = (Broken(), *connection.connector.streams)
    reports = sync_connection(kit.database, connection, clock=kit.clock, http=lambda _: None)
    assert [(report.stream, report.outcome) for report in reports] == [("broken", "failed"), ("workers", "done")]
    assert reports[0].error_code == "connector.bug"


def test_an_unforeseen_exception_is_a_connector_bug_with_its_traceback(kit):
    source = kit.Source([kit.workers(1, 1)], error=KeyError("surprise"), break_before=1)
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code) == ("failed", "connector.bug")
    assert report.error_traceback.endswith("KeyError\n")
    assert "surprise" not in repr(report)
    [stored] = list_runs(kit.database)
    assert stored == report


def test_a_known_secret_never_reaches_the_stored_error(kit):
    from echo_core.connectors.redaction import SECRETS

    SECRETS.add("tiger-secret-value")
    try:
        kit.sync(kit.Source([[]], error=ValueError("token tiger-secret-value refused"), break_before=0))
    finally:
        SECRETS.forget("tiger-secret-value")
    [stored] = list_runs(kit.database)
    assert "ValueError" in stored.error_traceback
    assert "tiger-secret-value" not in repr(stored)


def test_a_throttled_run_pauses_and_goes_on_where_it_stood(kit):
    source = kit.Source([kit.workers(1, 2), kit.workers(3, 4)], error=RateLimited("Quota used up."), break_before=1)
    [paused] = kit.sync(source)
    assert (paused.outcome, paused.error_code, paused.read) == ("paused", "source.throttled", 2)
    source.error = None
    [report] = kit.sync(source)
    assert (report.outcome, report.run_id, report.read) == ("done", paused.run_id, 4)
    assert [resume for _, resume in source.calls] == [None, 1]
    assert report.error_code is None


def test_an_optional_stream_without_permission_is_skipped(kit):
    refused = NotPermitted("The key may not read workers.", code="auth.report_not_shared")
    kit.sync(kit.Source([kit.workers(1, 2)]))
    [report] = kit.sync(kit.Source([[]], error=refused, break_before=0, options={"optional": True}))
    assert (report.outcome, report.error_code) == ("skipped", "auth.report_not_shared")
    assert kit.live() == ["w001", "w002"]


def test_a_stop_ends_after_the_page_being_stored_and_can_go_on(kit):
    stop = threading.Event()
    source = kit.Source([kit.workers(n * 10, n * 10 + 4) for n in range(6)])
    [report] = kit.sync(source, stop=stop, progress=lambda progress: stop.set() if progress.read >= 10 else None)
    assert (report.outcome, report.read) == ("stopped", 10)
    assert len(kit.live()) == 10
    [report] = kit.sync(source)
    assert (report.outcome, report.read, len(kit.live())) == ("done", 30, 30)
    assert source.calls[1][1] == 2


def test_ctrl_c_counts_as_a_stop(kit):
    def interrupt(progress):
        if progress.read == 5 and progress.outcome is None:
            raise KeyboardInterrupt

    source = kit.Source([kit.workers(n * 10, n * 10 + 4) for n in range(4)])
    [report] = kit.sync(source, progress=interrupt)
    assert (report.outcome, report.read) == ("stopped", 5)
    [report] = kit.sync(source)
    assert (report.outcome, report.read) == ("done", 20)


def test_progress_tells_the_total_the_source_gives(kit):
    seen = []
    kit.sync(kit.Source([kit.workers(1, 2), kit.workers(3, 4)]), progress=seen.append)
    assert [(one.read, one.total, one.outcome) for one in seen] == [(2, 4, None), (4, 4, None), (4, 4, "done")]


WINDOW = {"watermark": "window", "removal": "none", "overlap": timedelta(minutes=30), "lag": timedelta(minutes=1)}


def test_a_window_runs_from_the_last_bound_minus_overlap_to_now_minus_lag(kit):
    source = kit.Source([[]], options=dict(WINDOW))
    kit.sync(source)
    first = kit.START - timedelta(minutes=1)
    assert kit.watermarks() == {"workers": first}
    kit.clock.move(hours=2)
    again = kit.Source([[]], options=dict(WINDOW))
    kit.sync(again)
    [(window, _)] = again.calls
    assert source.calls[0][0].since is None
    assert (window.since, window.until) == (first - timedelta(minutes=30), first + timedelta(hours=2))


def test_two_records_with_one_time_stamp_across_a_window_boundary_both_arrive(kit):
    boundary = (kit.START - timedelta(minutes=1)).isoformat()
    first = {"id": "w1", "name": "In time", "since": boundary}
    late = {"id": "w2", "name": "Published late", "since": boundary}
    kit.sync(kit.Source([[first]], by_window=True, options=dict(WINDOW)))
    kit.clock.move(hours=2)
    [report] = kit.sync(kit.Source([[late, first]], by_window=True, options=dict(WINDOW)))
    assert kit.live() == ["w1", "w2"]
    assert (report.written, report.unchanged) == (1, 1)


def test_a_failed_run_leaves_the_watermark_where_it_was(kit):
    kit.sync(kit.Source([[]], options=dict(WINDOW)))
    before = kit.watermarks()
    kit.clock.move(hours=2)
    stamp = kit.clock.now.isoformat()
    failing = kit.Source(
        [kit.workers(1, 2, since=stamp)], error=TransientError("Down."), break_before=1, options=dict(WINDOW)
    )
    [report] = kit.sync(failing)
    assert report.outcome == "failed"
    assert kit.watermarks() == before


def test_a_resumed_run_keeps_its_window(kit):
    source = kit.Source(
        [kit.workers(1, 2), kit.workers(3, 4)], error=TransientError("Down."), break_before=1, options=dict(WINDOW)
    )
    kit.sync(source)
    kit.clock.move(hours=5)
    source.error = None
    source.options = dict(WINDOW)
    [report] = kit.sync(source)
    assert source.calls[0][0] == source.calls[1][0]
    assert kit.watermarks()["workers"] == report.window_until == kit.START - timedelta(minutes=1)


def test_an_observed_maximum_becomes_the_watermark_and_never_lies_in_the_future(kit):
    options = {"watermark": "observed_max", "removal": "none", "overlap": timedelta(minutes=5)}
    kit.sync(kit.Source([kit.workers(1, 1, since="2026-04-30T00:00:00Z")], options=dict(options)))
    assert kit.watermarks()["workers"].isoformat() == "2026-04-30T00:00:00+00:00"
    later = kit.Source([kit.workers(2, 2, since="2099-01-01T00:00:00Z")], options=dict(options))
    kit.sync(later)
    assert later.calls[0][0].since.isoformat() == "2026-04-29T23:55:00+00:00"
    assert kit.watermarks()["workers"] == kit.START


def test_an_observed_maximum_survives_a_crash_between_pages(kit):
    options = {"watermark": "observed_max", "removal": "none"}
    newest_first = [kit.workers(1, 1, since="2026-04-30T00:00:00Z"), kit.workers(2, 2, since="2026-04-20T00:00:00Z")]
    source = kit.Source(newest_first, error=TransientError("Down."), break_before=1, options=dict(options))
    kit.sync(source)
    source.error, source.options = None, dict(options)
    kit.sync(source)
    assert kit.watermarks()["workers"].isoformat() == "2026-04-30T00:00:00+00:00"


def test_a_clock_set_back_moves_no_watermark_back(kit):
    kit.sync(kit.Source([[]], options=dict(WINDOW)))
    before = kit.watermarks()["workers"]
    kit.clock.move(minutes=-30)
    source = kit.Source([kit.workers(1, 2)], options=dict(WINDOW))
    [report] = kit.sync(source)
    [(window, _)] = source.calls
    assert report.outcome == "done"
    assert window.since < window.until == before
    assert kit.watermarks()["workers"] == before


def test_a_full_read_begins_at_the_beginning_and_drops_an_unfinished_window(kit):
    source = kit.Source(
        [kit.workers(1, 2), kit.workers(3, 4)], error=TransientError("Down."), break_before=1, options=dict(WINDOW)
    )
    [unfinished] = kit.sync(source)
    source.error, source.options = None, dict(WINDOW)
    [report] = kit.sync(source, full=True)
    assert report.run_id != unfinished.run_id
    assert source.calls[1][0].since is None
    assert source.calls[1][1] is None
    assert report.complete


def test_an_expired_resume_value_reads_the_same_window_again_once(kit):
    source = kit.Source(
        [kit.workers(1, 2), kit.workers(3, 4)], error=TransientError("Down."), break_before=1, options=dict(WINDOW)
    )
    [failed] = kit.sync(source)
    source.error, source.expired, source.options = None, True, dict(WINDOW)
    kit.clock.move(hours=1)
    [report] = kit.sync(source)
    assert (report.outcome, report.run_id) == ("done", failed.run_id)
    assert [resume for _, resume in source.calls] == [None, 1, None]
    assert len({window for window, _ in source.calls}) == 1
    assert kit.live() == ["w001", "w002", "w003", "w004"]


def test_a_source_that_expires_again_fails_and_starts_over_next_time(kit):
    from echo_core.connectors.errors import ResumeExpired

    source = kit.Source([kit.workers(1, 2)], error=ResumeExpired("Expired."), break_before=1)
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code) == ("failed", "source.resume_expired")
    assert len(source.calls) == 2
    source.error = None
    [again] = kit.sync(source)
    assert again.run_id != report.run_id
    assert source.calls[-1][1] is None


@pytest.mark.parametrize(
    ("resume", "code"), [("x" * 70_000, "connector.resume_too_large"), ({1, 2}, "connector.resume_not_json")]
)
def test_a_resume_value_that_cannot_be_kept_is_refused(kit, resume, code):
    from echo_core.connectors.declaration import Page

    source = kit.Source([])
    source.read = lambda *_: iter([Page(kit.workers(1, 1), resume=resume)])
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code) == ("failed", code)
    assert kit.live() == []


def test_a_page_without_resume_value_keeps_the_one_before(kit):
    from echo_core.connectors.declaration import Page

    def read(ctx, window, resume):
        source.calls.append((window, resume))
        yield Page(kit.workers(1, 1), resume={"page": 2})
        yield Page(kit.workers(2, 2), resume=None)
        if resume is None:
            raise TransientError("Down.")

    source = kit.Source([])
    source.read = read
    kit.sync(source)
    [report] = kit.sync(source)
    assert (source.calls[1][1], report.outcome) == ({"page": 2}, "done")


def test_something_that_is_no_page_is_a_connector_bug(kit):
    source = kit.Source([])
    source.read = lambda *_: iter([{"records": []}])
    [report] = kit.sync(source)
    assert (report.error_code, report.outcome) == ("connector.bug", "failed")
    assert "dict instead of pages" in report.error_message


def test_a_dry_run_says_what_would_change_and_writes_nothing_at_all(kit):
    kit.sync(kit.Source([kit.workers(1, 20)]))
    before = kit.contents()
    runs = list_runs(kit.database)
    changed = kit.Source([kit.workers(2, 19), [{"id": "w020", "name": "Renamed"}, {"id": "w021", "name": "New"}]])
    [report] = kit.sync(changed, dry_run=True)
    assert report.dry_run
    assert [(row.change, row.source_id, row.name, row.fields) for row in report.differences] == [
        ("added", "w021", "New", {}),
        ("changed", "w020", "Renamed", {"name": ("Worker 20", "Renamed")}),
        ("removed", "w001", "Worker 1", {}),
    ]
    assert (report.outcome, report.read, report.written, report.unchanged, report.removed) == ("done", 20, 2, 18, 1)
    assert kit.contents() == before
    assert list_runs(kit.database) == runs
    [real] = kit.sync(changed)
    assert (real.written, real.unchanged, real.removed) == (2, 18, 1)


def test_a_dry_run_of_a_mass_absence_says_held(kit):
    kit.sync(kit.Source([kit.workers(1, 20)]))
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]), dry_run=True)
    assert (report.outcome, report.held) == ("held", 18)


def test_a_dry_run_of_a_connection_that_never_ran_counts_everything_as_new(kit):
    [report] = kit.sync(kit.Source([kit.workers(1, 3)]), dry_run=True)
    assert (report.outcome, report.written) == ("done", 3)
    assert kit.contents()["cursors"] == []


def test_all_connections_sync_at_once_and_one_that_cannot_begin_is_one_failed_report(kit):
    class Refusing(kit.Connector):
        def streams_for(self, _):
            raise RuntimeError("cannot be imported")

    good = [kit.connection(kit.Source([kit.workers(1, 5)]), name=f"c{n}") for n in range(4)]
    broken = kit.connection(name="broken")
    object.__setattr__(broken, "connector", Refusing(()))
    reports = sync_all(kit.database, [*good, broken], clock=kit.clock, http=lambda _: None, hooks=kit.events.hooks)
    assert [(report.connection, report.outcome) for report in reports] == [
        *((f"c{n}", "done") for n in range(4)),
        ("broken", "failed"),
    ]
    assert Counter(text.connection for text in live_texts(kit.database)) == {f"c{n}": 5 for n in range(4)}
    assert {(run.connection, run.outcome) for run in last_runs(kit.database)} >= {("broken", "failed"), ("c0", "done")}


def test_the_http_client_s_counts_go_into_the_run(kit):
    class Stats:
        requests, retries, throttled_s, bytes = 7, 2, 1.5, 4096

    class Client:
        closed = False

        def begin_run(self):
            self.began = True

        def stats_of(self, stream):
            assert stream == "workers"
            return Stats

        def close(self):
            self.closed = True

    client = Client()
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]), http=lambda _: client)
    [stored] = list_runs(kit.database, "acme", "workers")
    assert (stored.requests, stored.retries, stored.throttled_s, stored.bytes) == (7, 2, 1.5, 4096)
    assert stored == report
    assert client.began
    assert client.closed


def test_the_run_ended_event_carries_the_counts(kit):
    kit.sync(kit.Source([kit.workers(1, 2)]))
    [event] = [event for event in kit.events.seen if isinstance(event, RunEnded)]
    assert (event.connection, event.outcome, event.read, event.written, event.code) == ("acme", "done", 2, 2, None)
