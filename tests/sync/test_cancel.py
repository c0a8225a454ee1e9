"""A run that somebody cancels: no further page, nothing half, and the next run begins its window anew."""

from __future__ import annotations

import pytest

from echo_core.connectors.declaration import Page
from echo_hub.store.runs import RunError, cancel_run, list_runs


class Cancelling:
    """Pages of a source during whose reading somebody cancels the run."""

    def __init__(self, kit, pages, at):
        self.kit, self.pages, self.at, self.removed = kit, pages, at, []

    def read(self, *_):
        for number, page in enumerate(self.pages):
            if number == self.at:
                (run,) = list_runs(self.kit.database, "acme", limit=1)
                with self.kit.database.writing() as transaction:
                    cancel_run(transaction, run.run_id, self.kit.clock())
            yield Page(page, resume=number + 1)


@pytest.mark.parametrize("at", [1, 2])
def test_a_cancelled_run_stores_no_further_page_and_the_next_one_begins_anew(kit, at):
    source = kit.Source([])
    source.read = Cancelling(kit, [kit.workers(1, 3), kit.workers(4, 6), kit.workers(7, 9)], at).read
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code) == ("cancelled", "run.cancelled")
    assert report.read <= 3 * at  # pages are read ahead, so the cancelling may overtake those before it
    assert len(kit.live()) == report.read
    (stored,) = list_runs(kit.database, "acme")
    assert (stored.outcome, stored.read, stored.ended_at) == ("cancelled", report.read, kit.clock.now)
    assert kit.contents()["leftovers"] == []
    assert kit.watermarks() == {"workers": None}
    after = kit.Source([kit.workers(1, 9)])
    [again] = kit.sync(after)
    assert (again.outcome, again.read, again.run_id) == ("done", 9, stored.run_id + 1)
    assert after.calls[0][1] is None
    assert [run.outcome for run in list_runs(kit.database, "acme")] == ["done", "cancelled"]


def test_what_is_over_cannot_be_cancelled(kit):
    kit.sync(kit.Source([kit.workers(1, 3)]))
    (run,) = list_runs(kit.database, "acme")
    for number, code in ((run.run_id, "run.over"), (99, "run.unknown")):
        with kit.database.writing() as transaction, pytest.raises(RunError) as refused:
            cancel_run(transaction, number, kit.clock())
        assert refused.value.error_code == code
