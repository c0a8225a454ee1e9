"""What is read from quota headers, in all the spellings vendors use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from echo_core.http.budget import Budget, HostBudget, HostBudgets
from echo_core.http.quota import LONGEST_WAIT_S, QuotaHeaders, read_quota, retry_after_s

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
IN_30_S = int(NOW.timestamp()) + 30


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        ({}, QuotaHeaders()),
        (
            {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "3", "X-RateLimit-Reset": str(IN_30_S)},
            QuotaHeaders(50, 3, 30),
        ),
        ({"x-rate-limit-limit": "50", "x-rate-limit-remaining": "0"}, QuotaHeaders(50, 0, None)),
        (
            {"RateLimit-Limit": "100, 100;w=60", "RateLimit-Remaining": "9", "RateLimit-Reset": "7"},
            QuotaHeaders(100, 9, 7),
        ),
        ({"X-RateLimit-Reset": str(IN_30_S * 1000)}, QuotaHeaders(None, None, 30)),
        ({"X-RateLimit-Reset": str(IN_30_S - 90)}, QuotaHeaders(None, None, 0)),
        ({"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-1"}, QuotaHeaders()),
        ({"X-RateLimit-Limit": "inf", "X-RateLimit-Reset": "nan"}, QuotaHeaders()),
    ],
)
def test_the_quota_is_read_from_headers(headers, quota):
    assert read_quota(httpx.Headers(headers), NOW) == quota


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=45), usegmt=True)}, 45),
        ({"Retry-After": format_datetime(NOW - timedelta(seconds=45), usegmt=True)}, 0),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "8"}, 8),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, None),
        ({"Retry-After": "Mon, 02 Mar 2026 00:00:00 +99999999999999999999"}, None),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST_WAIT_S),
        ({"Retry-After": "1e300"}, LONGEST_WAIT_S),
        ({"X-RateLimit-Reset": "99999999999999"}, LONGEST_WAIT_S),
        ({}, None),
    ],
)
def test_the_wait_is_read_from_headers(headers, wait_s):
    assert retry_after_s(httpx.Headers(headers), NOW) == wait_s


@pytest.mark.parametrize(
    ("remaining", "status", "wait_s"), [("4999", 500, None), ("4999", 429, 8), ("0", 503, 8), (None, 503, None)]
)
def test_the_reset_of_a_quota_counts_only_where_the_quota_is_the_reason(remaining, status, wait_s):
    headers = {"X-RateLimit-Reset": "8"} | ({"X-RateLimit-Remaining": remaining} if remaining else {})
    assert retry_after_s(httpx.Headers(headers), NOW, status=status) == wait_s


def test_a_date_header_of_nonsense_is_passed_over():
    headers = {"Date": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "X-RateLimit-Reset": str(IN_30_S)}
    assert read_quota(httpx.Headers(headers), NOW).reset_s == 30


def test_a_withdrawn_budget_holds_no_longer_but_what_was_sent_stays_counted():
    budget = HostBudget()
    budget.declare(Budget(1, 60.0))
    budget.declare(Budget(1, 60.0))
    assert budget.take(0.0).wait_s == 0.0
    budget.withdraw(Budget(1, 60.0))
    assert budget.take(1.0).wait_s == 59.0
    budget.withdraw(Budget(1, 60.0))
    assert budget.take(2.0).wait_s == 0.0
    budget.declare(Budget(2, 60.0))
    assert budget.take(3.0).wait_s == 57.0


def test_a_budget_withdrawn_more_often_than_declared_is_no_debt():
    budget = HostBudget()
    budget.withdraw(Budget(1, 60.0))
    budget.declare(Budget(1, 60.0))
    assert [budget.take(0.0).wait_s, budget.take(0.0).wait_s] == [0.0, 60.0]


def test_no_window_of_the_budgets_length_ever_holds_more_than_the_budget():
    budget = HostBudget()
    budget.declare(Budget(3, 10.0))
    now, sent = 0.0, []
    for step in range(200):
        turn = budget.take(now)
        if turn.wait_s == 0:
            sent.append(now)
            now += (step * 7 % 5) * 0.5
        else:
            now += turn.wait_s
    assert all(len([at for at in sent if start <= at < start + 10.0]) <= 3 for start in sent)
    assert len(sent) > 50


def test_all_budgets_declared_for_a_host_hold():
    budget = HostBudget()
    budget.declare(Budget(2, 1.0))
    budget.declare(Budget(3, 60.0))
    waits = [budget.take(0.0).wait_s, budget.take(0.0).wait_s, budget.take(0.0).wait_s]
    assert waits == [0.0, 0.0, 1.0]
    assert budget.take(1.0).wait_s == 0.0
    assert budget.take(2.0).wait_s == 58.0


def test_nothing_remaining_without_a_reset_waits_for_the_longest_window():
    budget = HostBudget()
    budget.declare(Budget(100, 30.0))
    budget.learn(QuotaHeaders(remaining=0), 5.0)
    assert budget.take(6.0) == (29.0, "quota")


def test_an_absurd_reset_blocks_for_a_day_at_most():
    budget = HostBudget()
    budget.block(1e12, 0.0)
    assert budget.take(0.0).wait_s == 86_400.0


def test_a_block_is_never_shortened():
    budget = HostBudget()
    budget.block(50.0, 0.0)
    budget.learn(QuotaHeaders(remaining=0, reset_s=5.0), 0.0)
    assert budget.take(0.0) == (50.0, "told")


@pytest.mark.parametrize(("requests", "per_s"), [(0, 1.0), (1, 0.0), (-1, 5.0)])
def test_a_budget_that_allows_nothing_is_refused(requests, per_s):
    with pytest.raises(ValueError, match="at least one request"):
        Budget(requests, per_s)


def test_clients_share_a_host_only_on_one_clock():
    def one():
        return 0.0

    def other():
        return 0.0

    hosts = HostBudgets()
    assert hosts.of("a", one) is hosts.of("a", one)
    assert hosts.of("a", one) is not hosts.of("b", one)
    assert hosts.of("a", one) is not hosts.of("a", other)
