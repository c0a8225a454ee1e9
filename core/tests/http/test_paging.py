"""Walks through pages: every page once, from the start or from any resume value, and never in a circle."""

from __future__ import annotations

import json

import httpx
import pytest
import respx

from echo_core.connectors import paging
from echo_core.connectors.errors import ContractError
from echo_core.http.walk import Walk, next_link_of

BASE = "https://api.vendor.example/v3"


@pytest.fixture
def pages():
    """Three pages, the middle one empty."""
    return [[{"id": 1}, {"id": 2}], [], [{"id": 3}]]


@pytest.fixture
def http(client):
    return client(BASE)


def ids(walk):
    return [record["id"] for page in walk for record in page.records]


def by_page(pages, answer):
    """A stub that answers ?page=N by `answer(n, records, is_last)`."""

    def respond(request):
        number = int(request.url.params.get("page", 1))
        return answer(number, pages[number - 1], number == len(pages))

    return respx.get(url__startswith=BASE).mock(side_effect=respond)


def link_vendor(pages):
    def answer(number, records, last):
        headers = [("Link", f'<{BASE}/jobs?page={number - 1}>; rel="prev"')]
        if not last:
            headers.append(("Link", f'<{BASE}/jobs?page={number + 1}&keep=a%2Bb>; title="x, y"; rel="next"'))
        return httpx.Response(200, json=records, headers=[*headers, ("X-Total", "3")])

    return by_page(pages, answer)


def body_vendor(pages):
    def answer(number, records, last):
        links = {} if last else {"next": f"?page={number + 1}"}
        return httpx.Response(200, json={"data": records, "links": links, "count": 3})

    return by_page(pages, answer)


def cursor_vendor(pages):
    def respond(request):
        number = int(request.url.params.get("cursor", 0))
        following = number + 1 if number + 1 < len(pages) else ""
        return httpx.Response(200, json={"rows": pages[number], "next": following})

    return respx.get(url__startswith=BASE).mock(side_effect=respond)


def offset_vendor(count, most=1000):
    def respond(request):
        start, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
        rows = [{"id": n} for n in range(count)][start : start + min(limit, most)]
        return httpx.Response(200, json={"rows": rows, "total": count})

    return respx.get(url__startswith=BASE).mock(side_effect=respond)


def number_vendor(count, most=1000):
    def respond(request):
        size = min(int(request.url.params["per_page"]), most)
        start = (int(request.url.params["page"]) - 1) * size
        return httpx.Response(200, json={"rows": [{"id": n} for n in range(count)][start : start + size], "n": count})

    return respx.get(url__startswith=BASE).mock(side_effect=respond)


WALKS = {
    "link_header": (link_vendor, lambda http, resume: paging.link_header(http, "jobs", resume=resume)),
    "body_link": (
        body_vendor,
        lambda http, resume: paging.body_link(http, "jobs", items=lambda body: body["data"], resume=resume),
    ),
    "cursor": (
        cursor_vendor,
        lambda http, resume: paging.cursor(
            http, "jobs", items=lambda body: body["rows"], next_cursor=lambda body: body["next"], resume=resume
        ),
    ),
}


@respx.mock
@pytest.mark.parametrize("kind", WALKS)
def test_an_empty_middle_page_is_passed_and_the_last_page_ends_the_walk(http, pages, kind):
    vendor, walk = WALKS[kind]
    vendor(pages)
    found = list(walk(http, None))
    assert [list(page.records) for page in found] == pages


@respx.mock
@pytest.mark.parametrize("kind", WALKS)
def test_a_walk_continues_after_each_page_in_turn(http, pages, kind):
    vendor, walk = WALKS[kind]
    vendor(pages)
    for number, page in enumerate(list(walk(http, None)), start=1):
        resume = json.loads(json.dumps(page.resume))
        assert [list(rest.records) for rest in walk(http, resume)] == pages[number:]


@respx.mock
def test_params_go_with_the_first_request_only_and_links_are_followed_verbatim(http, pages):
    route = link_vendor(pages)
    found = list(paging.link_header(http, "jobs", params={"per_page": 2}, total="X-Total"))
    assert [str(call.request.url) for call in route.calls] == [
        f"{BASE}/jobs?per_page=2",
        f"{BASE}/jobs?page=2&keep=a%2Bb",
        f"{BASE}/jobs?page=3&keep=a%2Bb",
    ]
    assert [page.total for page in found] == [3, 3, 3]


@respx.mock
@pytest.mark.parametrize(("keep", "sent"), [(True, ["a=1", "a=1&cursor=1"]), (False, ["a=1", "cursor=1"])])
def test_a_cursor_travels_with_the_params_or_alone(http, keep, sent):
    route = cursor_vendor([[{"id": 1}], [{"id": 2}]])
    walk = paging.cursor(
        http,
        "jobs",
        params={"a": 1},
        items=lambda body: body["rows"],
        next_cursor=lambda body: body["next"],
        keep_params=keep,
    )
    assert ids(walk) == [1, 2]
    assert [call.request.url.query.decode() for call in route.calls] == sent


@respx.mock
def test_a_cursor_that_repeats_for_ever_is_refused(http):
    route = respx.get(url__startswith=BASE).respond(json={"rows": [{"id": 1}], "next": "same"})
    walk = paging.cursor(http, "jobs", items=lambda body: body["rows"], next_cursor=lambda body: body["next"])
    with pytest.raises(ContractError) as caught:
        list(walk)
    assert caught.value.error_code == "source.page_repeats"
    assert route.call_count == 2


@respx.mock
def test_a_cursor_that_leads_back_to_where_the_walk_was_resumed_is_refused(http):
    respx.get(url__startswith=BASE).respond(json={"rows": [], "next": "here"})
    walk = paging.cursor(
        http, "jobs", items=lambda body: body["rows"], next_cursor=lambda body: body["next"], resume={"cursor": "here"}
    )
    with pytest.raises(ContractError) as caught:
        list(walk)
    assert caught.value.error_code == "source.page_repeats"


@respx.mock
def test_links_that_lead_in_a_circle_are_refused(http):
    def respond(request):
        number = int(request.url.params.get("page", 1))
        return httpx.Response(200, json=[], headers={"Link": f"<{BASE}/jobs?page={number % 3 + 1}>; rel=next"})

    route = respx.get(url__startswith=BASE).mock(side_effect=respond)
    with pytest.raises(ContractError) as caught:
        list(paging.link_header(http, f"{BASE}/jobs?page=1"))
    assert caught.value.error_code == "source.page_repeats"
    assert route.call_count == 3


@respx.mock
@pytest.mark.parametrize(
    "link", ["https://evil.example/jobs?page=2", "//evil.example/jobs", "http://api.vendor.example/"]
)
def test_a_next_link_to_a_foreign_host_is_refused(http, link):
    respx.get(url__startswith=BASE).respond(json={"data": [{"id": 1}], "links": {"next": link}})
    with pytest.raises(ContractError) as caught:
        list(paging.body_link(http, "jobs", items=lambda body: body["data"]))
    assert caught.value.error_code == "source.foreign_host"


@respx.mock
@pytest.mark.parametrize(
    ("body", "what"),
    [({"other": []}, "KeyError"), ([1], "TypeError"), ({"data": {"a": 1}}, "a dict"), ({"data": None}, "a NoneType")],
)
def test_a_body_of_another_shape_breaks_the_contract(http, body, what):
    respx.get(url__startswith=BASE).respond(json=body)
    with pytest.raises(ContractError, match=what) as caught:
        list(paging.body_link(http, "jobs", items=lambda body: body["data"], next_link=lambda _body: None))
    assert caught.value.error_code == "source.shape"


@respx.mock
@pytest.mark.parametrize("count", [0, 1, 3, 4, 5])
def test_offsets_reach_every_record_once(http, count):
    route = offset_vendor(count)
    walk = paging.offset(http, "jobs", items=lambda body: body["rows"], limit=2)
    assert ids(walk) == list(range(count))
    assert route.call_count == count // 2 + 1


@respx.mock
@pytest.mark.parametrize("count", [0, 1, 3, 4, 5])
def test_page_numbers_reach_every_record_once(http, count):
    route = number_vendor(count)
    walk = paging.page_number(http, "jobs", items=lambda body: body["rows"], size=2, params={"q": "x"})
    assert ids(walk) == list(range(count))
    assert route.call_count == count // 2 + 1
    assert route.calls[0].request.url.params["q"] == "x"


@respx.mock
@pytest.mark.parametrize(
    ("vendor", "make"),
    [
        (offset_vendor, lambda http, resume: paging.offset(
            http, "jobs", items=lambda body: body["rows"], limit=100, total=lambda body: body["total"], resume=resume)),
        (number_vendor, lambda http, resume: paging.page_number(
            http, "jobs", items=lambda body: body["rows"], size=100, total=lambda body: body["n"], resume=resume)),
    ],
)  # fmt: skip
def test_a_source_that_gives_fewer_than_asked_is_read_to_its_total_from_every_page(http, vendor, make):
    route = vendor(7, most=3)
    found = list(make(http, None))
    assert [len(page.records) for page in found] == [3, 3, 1]
    assert route.call_count == 3
    for number, page in enumerate(found, start=1):
        assert ids(make(http, page.resume)) == list(range(7))[number * 3 :]


@respx.mock
def test_a_source_that_ignores_the_page_number_is_refused(http):
    respx.get(url__startswith=BASE).respond(json=[{"id": 1}, {"id": 2}])
    with pytest.raises(ContractError) as caught:
        list(paging.page_number(http, "jobs", items=lambda body: body, size=2))
    assert caught.value.error_code == "source.page_repeats"


def test_a_walk_without_end_is_stopped():
    walk = Walk("jobs", max_pages=3)
    walk.step("a")
    walk.step("b")
    with pytest.raises(ContractError) as caught:
        walk.step("c")
    assert caught.value.error_code == "source.too_many_pages"


def test_a_resume_value_of_another_kind_is_refused(http):
    with pytest.raises(ContractError) as caught:
        list(paging.link_header(http, "jobs", resume={"offset": 3}))
    assert caught.value.error_code == "source.resume_unknown"


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        (['<https://x/2>; rel="next"'], "https://x/2"),
        (["<https://x/2>;rel=next"], "https://x/2"),
        (['<https://x/0>; rel="prev", <https://x/2>; rel="next last"'], "https://x/2"),
        (['<https://x/0>; rel="prev"', '<https://x/2?a=1,2>; REL="NEXT"'], "https://x/2?a=1,2"),
        (['<https://x/2>; title="a <b>, c"; rel="next"'], "https://x/2"),
        (['<https://x/2>; rel="nextish"'], None),
        (['<https://x/2>; title="rel=next"'], None),
        (["nonsense", '<unclosed; rel="next"'], None),
        ([], None),
    ],
)
def test_the_next_link_is_found_among_link_headers(fields, target):
    assert next_link_of(fields) == target


@pytest.mark.parametrize("field", ["<" * 60_000, f'<https://x/{"a" * 60_000}>; rel="next"', '<x>;"' * 12_000])
def test_a_link_header_too_long_to_hold_an_address_is_refused(field):
    with pytest.raises(ContractError) as caught:
        next_link_of([field])
    assert caught.value.error_code == "source.bad_link"
