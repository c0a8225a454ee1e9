"""The holder swaps whole snapshots and keeps readers going."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import date, timedelta

import pytest

from echo_core.matching.batch import compiled
from echo_hub.services.candidates import also_eligible, candidates
from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.snapshot.holder import LONGEST_RETRY_S, BuildState, SnapshotError, SnapshotHolder


class Source:
    """A store whose revision a test moves by hand; a build waits for `gate`."""

    def __init__(self, draft):
        self.draft = draft
        self.revision = 1
        self.builds = 0
        self.now = 0.0
        self.takes = 0.0
        self.gate = threading.Event()
        self.gate.set()
        self.error = None
        self.busy = None
        self.today = date(2026, 3, 2)

    def asked(self):
        if self.busy is not None:
            raise self.busy
        return self.revision

    def build(self, previous):
        revision = self.revision
        self.gate.wait(60)
        self.builds += 1
        self.now += self.takes
        if self.error is not None:
            raise self.error
        return self.draft.snapshot(revision=revision, previous=previous, today=self.today)

    def holder(self):
        return SnapshotHolder(
            self.build, self.asked, today=lambda: self.today, check_every_s=1.0, clock=lambda: self.now
        )


@pytest.fixture
def source(draft):
    return Source(draft)


def test_builds_once_and_serves_the_same_snapshot_while_nothing_moves(source):
    holder = source.holder()
    first = holder.current()
    source.now = 100.0
    assert holder.current() is first
    assert holder.refresh() is first
    assert source.builds == 1


def test_readers_keep_the_old_snapshot_while_the_next_is_built(source):
    holder = source.holder()
    first = holder.current()
    source.revision = 2
    source.gate.clear()
    source.now = 5.0
    assert holder.current() is first
    assert holder.current() is first
    source.gate.set()
    holder.wait(60)
    assert holder.current().revision == 2
    assert source.builds == 2


def test_the_revision_is_not_asked_on_every_read(source):
    holder = source.holder()
    first = holder.current()
    source.revision = 2
    source.now = 0.5
    assert holder.current() is first
    holder.wait(60)
    assert source.builds == 1


def test_a_failed_rebuild_keeps_the_last_good_market_and_says_so(source, caplog):
    holder = source.holder()
    first = holder.current()
    source.revision, source.now = 2, 5.0
    source.error = RuntimeError("disk full")
    holder.current()
    holder.wait(60)
    assert holder.current() is first
    assert holder.state().failure == "RuntimeError; the log says where."
    assert "could not be rebuilt" in caplog.text


def test_a_new_day_ends_what_is_over_though_no_data_moved(source, draft):
    draft.job("j", ends_on=source.today)
    holder = source.holder()
    assert [one.id for one in holder.current().listings] == ["greenhouse:job:j"]
    source.today += timedelta(days=1)
    source.now = 5.0
    holder.current()
    holder.wait(60)
    assert holder.current().listings == ()
    source.now = 10.0
    assert holder.refresh().today == source.today
    assert source.builds == 2


def test_a_busy_store_leaves_the_last_market_to_its_readers_and_is_logged(source, caplog):
    holder = source.holder()
    first = holder.current()
    source.busy, source.now = RuntimeError("database is locked"), 5.0
    assert holder.current() is first
    assert holder.state().failure == "RuntimeError; the log says where."
    assert "database is locked" in caplog.text
    source.busy, source.now = None, 10.0
    assert holder.current() is first
    assert holder.state().failure is None


def test_the_first_build_may_fail_loudly(source):
    source.error = RuntimeError("no store")
    with pytest.raises(SnapshotError, match="could not be made") as told:
        source.holder().current()
    assert told.value.__cause__ is source.error


def test_a_build_that_fails_is_tried_again_later_and_later_up_to_a_bound_and_logged_once(source, caplog):
    holder = source.holder()
    first = holder.current()
    source.revision, source.now, source.error = 2, 5.0, ValueError("an odd row")
    waits = []
    for attempt in range(1, 14):
        assert holder.current() is first
        holder.wait(60)
        state = holder.state()
        assert (state.failures, source.builds) == (attempt, attempt + 1)
        source.now += state.retry_in_s - 0.5
        assert holder.current() is first
        holder.wait(60)
        assert source.builds == attempt + 1
        waits.append(state.retry_in_s)
        source.now += 1.0
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == LONGEST_RETRY_S
    assert caplog.text.count("an odd row") == 1
    source.error = None
    holder.current()
    holder.wait(60)
    assert holder.current().revision == 2
    assert holder.state() == BuildState(building=False, age_s=0.0, took_s=0.0)


def test_whoever_waited_for_a_first_build_that_failed_starts_no_other(source):
    holder = source.holder()
    source.error = ValueError("an odd row")
    source.gate.clear()
    told = []

    def read():
        with pytest.raises(SnapshotError):
            holder.current()
        told.append(True)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    source.gate.set()
    for reader in readers:
        reader.join(10)
    assert (len(told), source.builds) == (6, 1)
    source.now, source.error = 1.0, None
    assert holder.current().revision == 1


def test_no_reader_waits_while_a_slow_build_is_under_way(source):
    holder = source.holder()
    first = holder.current()
    source.revision, source.now = 2, 5.0
    source.gate.clear()
    holder.current()
    seen = []

    def read():
        seen.extend((holder.current(), holder.latest(), holder.state().building) for _ in range(200))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)
    assert not any(reader.is_alive() for reader in readers)
    assert set(seen) == {(first, first, True)}
    assert len(seen) == 1600
    source.gate.set()
    holder.wait(60)
    assert holder.current().revision == 2


def test_many_readers_at_the_start_share_one_build(source):
    holder = source.holder()
    seen = []
    readers = [threading.Thread(target=lambda: seen.append(holder.current())) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(10)
    assert source.builds == 1
    assert len({id(one) for one in seen}) == 1


def test_rests_after_a_rebuild_as_long_as_it_took(source):
    holder = source.holder()
    source.takes = 30.0
    holder.current()
    source.revision = 2
    source.now += 29.0
    assert holder.current().revision == 1
    holder.wait(60)
    assert source.builds == 1
    source.now += 2.0
    holder.current()
    holder.wait(60)
    assert holder.current().revision == 2


def test_a_text_read_for_one_market_is_not_read_again_for_the_next(source, draft, monkeypatch):
    draft.job("j", title="Kafka keeper", description="Python is nice.")
    first = draft.snapshot()
    read = []
    spot = type(first.names._spotter).spot
    monkeypatch.setattr(
        type(first.names._spotter), "spot", lambda self, text, **more: read.append(text) or spot(self, text, **more)
    )
    draft.job("k", title="Rust keeper")
    second = draft.snapshot(previous=first)
    assert read == ["Rust keeper"]
    assert second.listings[0].requirements == first.listings[0].requirements


def test_a_market_nobody_reads_any_more_goes_at_once(draft):
    draft.person("w1", ("SQL", 3), employee_id="E1")
    draft.person("w2", ("Python", 3), employee_id="E2")
    draft.mentor("m", "E1", ("SQL", 4))
    draft.job("j", ("SQL", 3))
    gc.collect()
    gc.disable()  # a frozen snapshot is out of the collector's sight, so nothing in it may hold on to itself
    try:
        snapshot = draft.snapshot()
        for_you(snapshot, "workday:person:w1")
        search(snapshot, "sql", person_id="workday:person:w1")
        candidates(snapshot, "greenhouse:job:j")
        also_eligible(snapshot, "exchange:mentorship:m")
        explain(snapshot, "workday:person:w1", "greenhouse:job:j")
        if compiled():
            snapshot.batch_ranker.lists([0, 1], 5, 1)
        gone = weakref.ref(snapshot)
        del snapshot
        assert gone() is None
    finally:
        gc.enable()
