"""Permits to send, on both databases: whoever asks and whenever they are used, no window has more than the limit."""

from __future__ import annotations

import random
import threading
import time
from collections import deque

import pytest

from echo_core.http.budget import Budget, HostBudget
from echo_core.http.quota import QuotaHeaders
from echo_core.http.shared import Grant
from echo_hub.store.rate_budgets import RateBudgets

HOST = "vendor.example"


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path, open_url):
    import shutil

    return open_url(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'budget.db')}")


def test_permits_come_in_parts_and_come_back_a_window_after_they_could_last_be_used(sqlite_database):
    clock = [1000.0]
    budgets = RateBudgets(sqlite_database, now=lambda: clock[0])
    limit = Budget(5, 30.0)
    assert budgets.take(HOST, [limit], most=3, lasts_s=2.0) == Grant(3)
    assert budgets.take(HOST, [limit], most=3, lasts_s=2.0) == Grant(2)
    assert budgets.take(HOST, [limit], most=3, lasts_s=2.0) == Grant(0, pytest.approx(32.0))
    assert budgets.take("other.example", [limit], most=3, lasts_s=2.0) == Grant(3)
    clock[0] += 31.9
    assert budgets.take(HOST, [limit], most=3, lasts_s=2.0).permits == 0
    clock[0] += 0.1
    assert budgets.take(HOST, [limit], most=9, lasts_s=2.0) == Grant(5)


def test_a_lower_limit_of_one_process_waits_for_what_a_higher_one_let_through(sqlite_database):
    clock = [1000.0]
    budgets = RateBudgets(sqlite_database, now=lambda: clock[0])
    for _ in range(4):
        assert budgets.take(HOST, [Budget(10, 10.0)], most=1, lasts_s=0.0) == Grant(1)
        clock[0] += 1.0
    assert budgets.take(HOST, [Budget(2, 10.0)], most=1, lasts_s=0.0) == Grant(0, pytest.approx(8.0))
    assert budgets.take(HOST, [Budget(10, 10.0), Budget(9, 60.0)], most=9, lasts_s=0.0) == Grant(5)


def test_what_a_source_said_to_one_process_counts_for_all(database):
    ours, theirs = (HostBudget(HOST, RateBudgets(database)) for _ in range(2))
    for budget in (ours, theirs):
        budget.declare(Budget(50, 30.0))
    assert ours.take(time.monotonic()).wait_s == 0
    ours.block(20.0, time.monotonic())
    turn = theirs.take(time.monotonic())
    assert (turn.reason, 18 < turn.wait_s <= 20) == ("told", True)
    ours.learn(QuotaHeaders(limit=50, remaining=0, reset_s=40.0), time.monotonic())
    turn = theirs.take(time.monotonic())
    assert (turn.reason, 38 < turn.wait_s <= 40) == ("quota", True)


def test_many_processes_together_keep_a_limit_in_every_window(sqlite_database):
    clock, chance, sent = [1000.0], random.Random(7), deque()  # noqa: S311, repeatable chance is the point
    limit = Budget(20, 10.0)
    processes = [HostBudget(HOST, RateBudgets(sqlite_database, now=lambda: clock[0])) for _ in range(3)]
    for process in processes:
        process.declare(limit)
    most = 0
    for _ in range(600):
        clock[0] += chance.random() / 5
        for process in chance.sample(processes, 2):
            if process.take(clock[0]).wait_s == 0:
                sent.append(clock[0])
        while sent and sent[0] <= clock[0] - limit.per_s:
            sent.popleft()
        most = max(most, len(sent))
    assert 15 < most <= limit.requests


def test_callers_at_the_same_instant_get_no_more_than_the_limit_together(database, open_url):
    address = database.url.render_as_string(hide_password=False)
    granted, start = [], threading.Barrier(4)

    def take(budgets):
        start.wait()
        granted.extend(budgets.take(HOST, [Budget(10, 60.0)], most=1, lasts_s=0.0).permits for _ in range(5))

    threads = [threading.Thread(target=take, args=(RateBudgets(open_url(address)),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(granted), sum(granted)) == (20, 10)
