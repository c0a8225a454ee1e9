"""Waiting for a source's quota: as told, together, bounded."""

from __future__ import annotations

import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest

from echo_core.connectors.errors import RateLimited
from echo_core.connectors.events import Throttled
from echo_core.http.budget import Budget
from echo_core.http.client import Client, HttpSettings
from echo_core.http.throttle import Throttle
from echo_core.testing.sandbox import FixedWindowLimit, Reply


def limited_once(headers):
    answers = [Reply(429, {"message": "slow down"}, headers), Reply(200, [1])]
    return lambda _request: answers.pop(0)


def test_retry_after_in_seconds_is_waited_exactly(serve, client, clock):
    seen = []
    http = client(serve(limited_once({"Retry-After": "17"})).url, on_event=seen.append)
    assert http.get("jobs").json() == [1]
    assert clock.slept == [17.0]
    assert [(type(event), event.wait_s, event.reason) for event in seen] == [(Throttled, 17.0, "told")]
    assert http.stats.throttled_s == 17.0


def test_retry_after_as_a_date_is_waited_exactly(serve, client, clock):
    until = format_datetime(clock.now() + timedelta(seconds=25), usegmt=True)
    assert client(serve(limited_once({"Retry-After": until})).url).get("jobs").json() == [1]
    assert clock.slept == [25.0]


def test_a_date_is_measured_against_the_sources_own_clock(serve, client, clock):
    theirs = clock.now() + timedelta(hours=5)
    headers = {
        "Date": format_datetime(theirs, usegmt=True),
        "Retry-After": format_datetime(theirs + timedelta(seconds=9), usegmt=True),
    }
    client(serve(limited_once(headers)).url).get("jobs")
    assert clock.slept == [9.0]


def test_without_retry_after_the_quotas_reset_is_waited_for(serve, client, clock):
    reset = str(int(clock.now().timestamp()) + 12)
    client(serve(limited_once({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})).url).get("jobs")
    assert clock.slept == [12.0]


def test_a_429_that_does_not_say_how_long_backs_off(serve, client, clock):
    client(serve(limited_once({})).url).get("jobs")
    assert clock.slept == [1.0]


def test_429_for_ever_ends_in_rate_limited(serve, client):
    server = serve(lambda _request: Reply(429, {}, {"Retry-After": "2"}))
    with pytest.raises(RateLimited) as caught:
        client(server.url).get("jobs")
    assert caught.value.retry_after_s == 2.0
    assert len(server.requests) == 5


def test_a_wait_above_the_cap_pauses_the_run_at_once(serve, client, clock):
    server = serve(lambda _request: Reply(429, {}, {"Retry-After": "901"}))
    with pytest.raises(RateLimited) as caught:
        client(server.url).get("jobs")
    assert (clock.slept, len(server.requests)) == ([], 1)
    assert caught.value.retry_after_s == 901.0


def test_while_the_source_is_blocked_nothing_is_sent_to_it(serve, client):
    server = serve(lambda _request: Reply(429, {}, {"Retry-After": "1000"}))
    http = client(server.url)
    for _ in range(2):
        with pytest.raises(RateLimited):
            http.get("jobs")
    assert len(server.requests) == 1


def test_a_run_waits_no_longer_than_its_allowance_in_all(serve, client, clock):
    answers = [Reply(200, []), Reply(429, {}, {"Retry-After": "40"})] * 10
    server = serve(lambda _request: answers.pop())
    http = client(server.url, throttle_allowance_s=100.0)
    assert [http.get("jobs").status, http.get("jobs").status] == [200, 200]
    with pytest.raises(RateLimited):
        http.get("jobs")
    assert clock.slept == [40.0, 40.0]
    http.begin_run()
    clock.seconds += 40
    assert http.get("jobs").status == 200


def test_a_503_with_retry_after_is_waited_for(serve, client, clock):
    answers = [Reply(503, {}, {"Retry-After": "6"}), Reply(200, [])]
    client(serve(lambda _request: answers.pop(0)).url).get("jobs")
    assert clock.slept == [6.0]


def test_a_server_error_with_quota_to_spare_is_no_throttling(serve, client, clock):
    quota = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4999", "X-RateLimit-Reset": "3500"}
    answers = iter([Reply(500, {}, quota), Reply(200, [1], quota)])
    http = client(serve(lambda _request: next(answers)).url)
    assert http.get("jobs").json() == [1]
    assert (clock.slept, http.stats.throttled_s) == ([1.0], 0.0)


def test_a_malformed_date_in_an_answer_is_passed_over(serve, client, clock):
    nonsense = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    client(serve(limited_once({"Retry-After": nonsense})).url).get("jobs")
    assert clock.slept == [1.0]


def test_a_raised_budget_counts_once_the_clients_of_the_old_one_are_closed(serve, client, clock):
    server = serve(lambda _request: Reply(200, []))
    slow = client(server.url, budget=Budget(1, 10.0))
    slow.get("a")
    slow.close()
    fast = client(server.url, budget=Budget(3, 10.0))
    fast.get("b")
    fast.get("c")
    assert clock.slept == []
    fast.get("d")
    assert clock.slept == [10.0]


def test_closing_a_client_twice_takes_no_other_clients_budget(serve, client, clock):
    server = serve(lambda _request: Reply(200, []))
    one, other = client(server.url, budget=Budget(1, 10.0)), client(server.url, budget=Budget(1, 10.0))
    one.close()
    one.close()
    other.get("a")
    other.get("b")
    assert clock.slept == [10.0]


def test_the_declared_budget_paces_requests_without_using_the_allowance(serve, client, clock):
    server = serve(lambda _request: Reply(200, []))
    seen = []
    http = client(server.url, budget=Budget(3, 30.0), throttle_allowance_s=0.0, on_event=seen.append)
    for _ in range(7):
        http.get("jobs")
    assert clock.slept == [30.0, 30.0]
    assert {event.reason for event in seen} == {"budget"}


def test_two_connections_to_one_host_share_its_budget(serve, client, clock):
    server = serve(lambda _request: Reply(200, []))
    first = client(server.url, budget=Budget(4, 10.0))
    second = client(server.url)
    for _ in range(2):
        first.get("jobs")
        second.get("jobs")
    assert clock.slept == []
    second.get("jobs")
    assert clock.slept == [10.0]


def test_nothing_remaining_stops_every_connection_until_the_reset(serve, client, clock):
    reset = str(int(clock.now().timestamp()) + 20)
    answers = [Reply(200, [], {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}), Reply(200, [])]
    server = serve(lambda _request: answers.pop(0))
    seen = []
    client(server.url).get("jobs")
    client(server.url, on_event=seen.append).get("jobs")
    assert clock.slept == [20.0]
    assert seen[0].reason == "quota"


def test_a_lower_limit_in_the_headers_lowers_the_budget_and_a_higher_one_never_raises_it(serve, client, clock):
    limits = iter(["2", "2", "2", "500", "500", "500"])
    server = serve(lambda _request: Reply(200, [], {"X-Rate-Limit-Limit": next(limits)}))
    http = client(server.url, budget=Budget(3, 10.0))
    for _ in range(3):
        http.get("jobs")
    assert clock.slept == [10.0]
    for _ in range(3):
        http.get("jobs")
    assert clock.slept == [10.0, 10.0]


def test_a_strict_vendor_is_read_without_a_single_refusal(serve, client, clock):
    limit = FixedWindowLimit(5, 30.0, lambda: clock.now().timestamp())

    def answer(_request):
        quota = limit.spend()
        return Reply(200, [], quota.headers()) if quota.allowed else quota.refusal({})

    server = serve(answer)
    http = client(server.url, budget=Budget(5, 30.0))
    for _ in range(23):
        http.get("jobs")
    assert {line.status for line in server.log} == {200}


def test_threads_throttled_together_are_charged_once():
    asleep = threading.Barrier(4)
    waits, refused = [], []
    throttle = Throttle(
        "test",
        cap_s=900.0,
        allowance_s=60.0,
        clock=lambda: 0.0,
        sleep=lambda _seconds: asleep.wait(timeout=60),
        waited=lambda event: waits.append(event.wait_s),
    )

    def work():
        try:
            throttle.await_told("x.example", 50.0)
        except RateLimited as error:
            refused.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (waits, refused) == ([50.0] * 4, [])
    with pytest.raises(RateLimited):
        throttle.await_told("x.example", 50.0)


def test_a_sleep_that_returns_at_once_asks_for_no_wait_twice(serve):
    slept = []
    with Client(HttpSettings(serve(limited_once({"Retry-After": "30"})).url), sleep=slept.append) as http:
        assert http.get("jobs").json() == [1]
    assert slept == [30.0]
