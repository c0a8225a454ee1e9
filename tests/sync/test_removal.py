"""Who disappears when, and when a person is asked first."""

from __future__ import annotations

import pytest

from echo_core.connectors.declaration import Page
from echo_core.connectors.errors import TransientError
from echo_core.connectors.events import RemovalHeld
from echo_hub.store.holds import HoldError, confirm_hold, list_holds, refuse_hold
from echo_hub.store.leases import LeaseTakenError, acquire
from echo_hub.store.records import data_revision
from echo_hub.sync.removal import verdict


@pytest.mark.parametrize(
    ("missing", "live", "read", "ratio", "answer"),
    [
        (0, 100, 100, 0.1, "nothing"),
        (0, 0, 0, 0.1, "nothing"),
        (5, 6, 1, 0.1, "remove"),
        (10, 100, 90, 0.1, "remove"),
        (11, 100, 89, 0.1, "many"),
        (6, 10, 4, 0.1, "many"),
        (1, 1, 0, 0.1, "empty"),
        (100, 100, 0, 1.0, "empty"),
        (99, 100, 1, 1.0, "remove"),
    ],
)
def test_the_guard_allows_five_or_the_ratio_and_never_an_empty_source(missing, live, read, ratio, answer):
    assert verdict(missing, live, read, ratio) == answer


def test_one_absent_record_is_removed_and_revived_when_it_returns(kit):
    kit.sync(kit.Source([kit.workers(1, 20)]))
    revision = data_revision(kit.database)
    [report] = kit.sync(kit.Source([kit.workers(2, 20)]))
    assert (report.outcome, report.removed, report.written) == ("done", 1, 0)
    assert "w001" not in kit.live()
    assert data_revision(kit.database) > revision
    [report] = kit.sync(kit.Source([kit.workers(1, 20)]))
    assert (report.removed, report.written, report.unchanged) == (0, 1, 19)
    assert len(kit.live()) == 20


def test_a_failed_run_removes_nobody(kit):
    kit.sync(kit.Source([kit.workers(1, 20)]))
    kit.sync(kit.Source([kit.workers(2, 20)], error=TransientError("Down."), break_before=1))
    assert len(kit.live()) == 20


def test_a_resumed_run_counts_what_it_met_before_the_crash(kit):
    kit.sync(kit.Source([kit.workers(1, 10), kit.workers(11, 20)]))
    source = kit.Source([kit.workers(1, 10), kit.workers(12, 20)], error=TransientError("Down."), break_before=1)
    kit.sync(source)
    source.error = None
    [report] = kit.sync(source)
    assert (report.outcome, report.removed, report.unchanged) == ("done", 1, 19)
    assert len(kit.live()) == 19


def test_a_run_that_starts_over_does_not_count_what_an_earlier_run_met(kit):
    kit.sync(kit.Source([kit.workers(1, 20)]))
    kit.sync(kit.Source([kit.workers(1, 20)], resumable=False, error=TransientError("Down."), break_before=1))
    [report] = kit.sync(kit.Source([kit.workers(2, 20)]))
    assert report.removed == 1


def test_a_mass_absence_is_held_and_nobody_is_removed(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    [report] = kit.sync(kit.Source([kit.workers(1, 4)]))
    assert (report.outcome, report.held, report.removed) == ("held", 36, 0)
    assert len(kit.live()) == 40
    [hold] = list_holds(kit.database)
    assert (hold.connection, hold.stream, hold.would_remove, hold.live) == ("acme", "workers", 36, 40)
    assert hold.sample[:2] == ("w005", "w006")
    [event] = [event for event in kit.events.seen if isinstance(event, RemovalHeld)]
    assert (event.would_remove, event.stored) == (36, 40)


def test_a_confirmed_hold_removes_what_it_lists_and_can_be_undone_by_the_source(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    kit.sync(kit.Source([kit.workers(1, 4)]))
    [hold] = list_holds(kit.database)
    revision = data_revision(kit.database)
    assert confirm_hold(kit.database, hold.id, by="ada@example.invalid", now=kit.clock()) == 36
    assert len(kit.live()) == 4
    assert data_revision(kit.database) > revision
    assert list_holds(kit.database) == []
    [decided] = list_holds(kit.database, decided=True)
    assert (decided.state, decided.decided_by, decided.decided_at) == ("confirmed", "ada@example.invalid", kit.START)
    kit.sync(kit.Source([kit.workers(1, 40)]))
    assert len(kit.live()) == 40


def test_a_refused_hold_keeps_everybody(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    kit.sync(kit.Source([kit.workers(1, 4)]))
    [hold] = list_holds(kit.database)
    refuse_hold(kit.database, hold.id, by="ada", now=kit.clock())
    assert len(kit.live()) == 40
    assert [one.state for one in list_holds(kit.database, decided=True)] == ["refused"]


def test_a_hold_is_decided_once(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    kit.sync(kit.Source([kit.workers(1, 4)]))
    [hold] = list_holds(kit.database)
    refuse_hold(kit.database, hold.id, by="ada", now=kit.clock())
    with pytest.raises(HoldError, match="refused by ada"):
        confirm_hold(kit.database, hold.id, by="bob", now=kit.clock())
    with pytest.raises(HoldError, match="no hold 999"):
        confirm_hold(kit.database, 999, by="bob", now=kit.clock())


def test_a_hold_cannot_be_decided_while_the_connection_syncs(kit):
    from datetime import timedelta

    kit.sync(kit.Source([kit.workers(1, 40)]))
    kit.sync(kit.Source([kit.workers(1, 4)]))
    [hold] = list_holds(kit.database)
    acquire(kit.database, "acme", "elsewhere:1:x", kit.clock(), timedelta(minutes=2))
    with pytest.raises(LeaseTakenError):
        confirm_hold(kit.database, hold.id, by="ada", now=kit.clock())


def test_the_next_complete_run_supersedes_a_hold(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    kit.sync(kit.Source([kit.workers(1, 4)]))
    [report] = kit.sync(kit.Source([kit.workers(1, 39)]))
    assert (report.outcome, report.removed) == ("done", 1)
    assert list_holds(kit.database) == []
    assert [hold.state for hold in list_holds(kit.database, decided=True)] == ["superseded"]


def test_a_record_met_again_by_an_unfinished_run_leaves_the_hold(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    kit.sync(kit.Source([kit.workers(1, 4)]))
    kit.sync(kit.Source([kit.workers(1, 30)], error=TransientError("Down."), break_before=1))
    [hold] = list_holds(kit.database)
    assert confirm_hold(kit.database, hold.id, by="ada", now=kit.clock()) == 10
    assert len(kit.live()) == 30


def test_an_empty_source_is_held(kit):
    kit.sync(kit.Source([kit.workers(1, 2)]))
    [report] = kit.sync(kit.Source([[]]))
    assert (report.outcome, report.held) == ("held", 2)
    assert len(kit.live()) == 2


def test_an_empty_source_with_nothing_stored_is_simply_done(kit):
    [report] = kit.sync(kit.Source([[]]))
    assert (report.outcome, report.held, report.read) == ("done", 0, 0)


def test_a_connector_may_allow_more(kit):
    kit.sync(kit.Source([kit.workers(1, 40)]))
    [report] = kit.sync(kit.Source([kit.workers(1, 4)], options={"max_removal_ratio": 0.95}))
    assert (report.outcome, report.removed) == ("done", 36)


def test_tombstones_remove_by_key(kit):
    options = {"removal": "tombstone"}
    kit.sync(kit.Source([kit.workers(1, 20)], options=dict(options)))
    [report] = kit.sync(
        kit.Source([kit.workers(1, 1)], removed={0: ["w002", "w003", "unknown"]}, options=dict(options))
    )
    assert report.removed == 2
    assert len(kit.live()) == 18


@pytest.mark.parametrize("removal", ["flagged", "none"])
def test_a_complete_full_read_sweeps_where_the_source_cannot_list_removals(kit, removal):
    options = {"removal": removal, "watermark": "window"}
    kit.sync(kit.Source([kit.workers(1, 20)], options=dict(options)))
    [report] = kit.sync(kit.Source([kit.workers(1, 5)], options=dict(options)))
    assert (report.removed, len(kit.live())) == (0, 20)
    [report] = kit.sync(kit.Source([kit.workers(1, 19)], options=dict(options)), full=True)
    assert (report.removed, len(kit.live())) == (1, 19)
    [report] = kit.sync(kit.Source([kit.workers(1, 5)], options=dict(options)), full=True)
    assert (report.outcome, report.held, len(kit.live())) == ("held", 14, 19)


def test_a_snapshot_in_windows_sweeps_only_when_it_reads_from_the_beginning(kit):
    options = {"watermark": "window"}
    kit.sync(kit.Source([kit.workers(1, 20)], options=dict(options)))
    [report] = kit.sync(kit.Source([kit.workers(1, 5)], options=dict(options)))
    assert (report.outcome, report.removed) == ("done", 0)


def test_excluded_rows_keep_key_and_rule_and_never_content(kit):
    kit.sync(kit.Source([kit.workers(1, 3, title="Secret role")]))
    [report] = kit.sync(kit.Source([kit.workers(1, 2, title="Secret role", secret=True), kit.workers(3, 3)]))
    assert (report.excluded, report.exclusions, report.written) == (2, {"confidential": 2}, 1)
    assert kit.live() == ["w003"]
    rows = kit.contents()["records"]
    assert [(row[3], row[6], row[4]) for row in rows[:2]] == [
        ("w001", "confidential", None),
        ("w002", "confidential", None),
    ]
    with kit.database.reading() as transaction:
        assert transaction.rows(
            "SELECT source_url, updated_at, raw_hash FROM record WHERE excluded_by IS NOT NULL"
        ) == [
            (None, None, None),
            (None, None, None),
        ]


def test_an_excluded_row_met_again_costs_no_write_and_comes_back_when_the_rule_no_longer_applies(kit):
    kit.sync(kit.Source([kit.workers(1, 1, secret=True), kit.workers(2, 2)]))
    revision = data_revision(kit.database)
    [report] = kit.sync(kit.Source([kit.workers(1, 1, secret=True), kit.workers(2, 2)]))
    assert (report.excluded, report.exclusions, data_revision(kit.database)) == (1, {"confidential": 1}, revision)
    kit.sync(kit.Source([kit.workers(1, 2)]))
    assert kit.live() == ["w001", "w002"]


def test_children_of_a_raw_record_leave_with_it(kit):
    from echo_core.connectors.declaration import Stream
    from echo_core.model import OrgUnit, Person
    from echo_hub.sync.connection import Connection
    from echo_hub.sync.kernel import sync_connection

    def both(raw, config):
        yield Person(source_id=raw.id, name=raw.name)
        yield OrgUnit(source_id=f"{raw.id}/unit", name=raw.name)

    def sync(*pages):
        stream = Stream("mixed", kit.Worker, lambda *_: iter(pages), both, ("person", "org_unit"), removal="tombstone")
        connection = Connection("acme", kit.Connector((stream,)), None)
        return sync_connection(kit.database, connection, clock=kit.clock, http=lambda _: None)

    [report] = sync(Page(kit.workers(1, 2)))
    assert report.written == 4
    [report] = sync(Page([], removed=["w001"]))
    assert report.removed == 2
    assert kit.live() == ["w002/unit", "w002"]
