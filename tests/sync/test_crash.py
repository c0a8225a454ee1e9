"""A process that dies at any instant loses nothing and doubles nothing."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed_sync.py")


class Crash(BaseException):
    """Passes every `except Exception` on its way out, as a killed process would."""


@pytest.fixture(scope="module")
def script():
    """The script's own connector, for the run that goes on after a crash."""
    spec = importlib.util.spec_from_file_location("killed_sync", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["killed_sync"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["killed_sync"]


def _kill(plan: list[dict]) -> list[bool]:
    answer = subprocess.run(
        [sys.executable, str(SCRIPT), json.dumps(plan)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize("crash_after", [1, 2, 3, 4])
def test_a_crash_after_any_page_and_another_run_leave_the_rows_of_an_uncrashed_run(
    kit, new_database_url, open_url, crash_after
):
    def source():
        bad = {"id": "w099", "name": None}
        return kit.Source(
            [kit.workers(1, 5), [*kit.workers(6, 9), bad], kit.workers(10, 14, secret=True), kit.workers(15, 19)]
        )

    untouched = open_url(new_database_url())
    kit.sync(source(), into=untouched)

    def progress(seen):
        if seen.read == crash_after * 5 and seen.outcome is None:
            raise Crash

    with pytest.raises(Crash):
        kit.sync(source(), progress=progress)
    again = source()
    [report] = kit.sync(again)
    assert kit.contents() == kit.contents(untouched)
    assert again.calls[0][1] == crash_after
    assert (report.outcome, report.read, report.written, report.excluded, report.quarantined) == ("done", 20, 14, 5, 1)


def test_sigkill_after_every_page_in_turn_leaves_the_same_rows(kit, new_database_url, open_url, script):
    urls = [new_database_url() for _ in range(script.PAGES)]
    killed = _kill([{"url": url, "page": page} for page, url in enumerate(urls, start=1)])
    assert killed == [True] * script.PAGES
    script.sync(reference := new_database_url())
    expected = kit.contents(open_url(reference))
    assert len(expected["records"]) == script.PAGES * script.SIZE - 2
    for url in urls:
        script.sync(url)
        assert kit.contents(open_url(url)) == expected


@pytest.mark.thorough
def test_sigkill_at_random_instants_leaves_the_same_rows(kit, new_database_url, open_url, script):
    """Instants are SQL statements, chosen by seed: before, inside and between transactions."""
    instants = sorted(random.Random(20261122).sample(range(1, 90), 14))  # noqa: S311 -- a seeded choice is the point
    urls = [new_database_url() for _ in instants]
    killed = _kill([{"url": url, "statement": instant} for url, instant in zip(urls, instants, strict=True)])
    assert sum(killed) >= 10
    script.sync(reference := new_database_url())
    expected = kit.contents(open_url(reference))
    for url, instant in zip(urls, instants, strict=True):
        script.sync(url)
        assert kit.contents(open_url(url)) == expected, f"killed before statement {instant}"


def test_a_process_killed_again_and_again_still_gets_there(kit, new_database_url, open_url, script):
    url = new_database_url()
    killed = _kill([{"url": url, "page": page} for page in (1, 2, 4)])
    assert killed == [True, True, True]
    script.sync(url)
    database = open_url(url)
    script.sync(reference := new_database_url())
    assert kit.contents(database) == kit.contents(open_url(reference))
    with database.reading() as transaction:
        assert transaction.rows("SELECT outcome, read FROM run ORDER BY id") == [("done", script.PAGES * script.SIZE)]


def test_a_run_killed_before_its_first_page_is_closed_as_interrupted(kit):
    from echo_hub.store.runs import list_runs

    kit.sync(kit.Source([kit.workers(1, 2)]))
    source = kit.Source([kit.workers(1, 2)])
    source.resumable = False

    def progress(seen):
        if seen.outcome is None:
            raise Crash

    with pytest.raises(Crash):
        kit.sync(source, progress=progress)
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]))
    newest, interrupted, _ = list_runs(kit.database)
    assert newest == report
    assert (interrupted.outcome, interrupted.error_code) == ("failed", "run.interrupted")
    assert kit.contents()["leftovers"] == []
