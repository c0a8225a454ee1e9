"""What the client makes of a source's answers, over real loopback connections."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from echo_core.connectors import paging
from echo_core.connectors.errors import (
    AuthError,
    ConfigError,
    ContractError,
    HubError,
    NotPermitted,
    TransientError,
)
from echo_core.connectors.events import Retried, current_stream
from echo_core.http.backoff import Retry
from echo_core.testing.sandbox import Faults, Reply


def test_a_json_answer_is_returned_with_status_headers_and_url(serve, client):
    server = serve(lambda request: Reply(200, {"path": request.path}, {"X-Thing": "yes"}))
    answer = client(server.url + "/v3").get("jobs", params={"q": "a b", "none": None, "many": [1, 2]})
    assert answer.json() == {"path": "/v3/jobs"}
    assert answer.headers["x-thing"] == "yes"
    assert answer.url == f"{server.url}/v3/jobs?q=a+b&many=1&many=2"
    assert server.requests[0].query == {"q": ["a b"], "many": ["1", "2"]}


@pytest.mark.parametrize("path", ["jobs", "/jobs"])
def test_a_relative_path_stays_below_the_base_url(serve, client, path):
    server = serve(lambda _request: Reply(200, []))
    client(server.url + "/v3/").get(path)
    assert server.requests[0].path == "/v3/jobs"


def test_an_absolute_url_is_sent_verbatim(serve, client):
    server = serve(lambda _request: Reply(200, []))
    client(server.url + "/v3/").get(f"{server.url}/other?cursor=a%2Bb%3D%3D&x=1+2")
    assert server.requests[0].target == "/other?cursor=a%2Bb%3D%3D&x=1+2"


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, ContractError, "source.refused"),
        (401, AuthError, "auth.refused"),
        (403, NotPermitted, "auth.forbidden"),
        (404, ConfigError, "source.not_found"),
        (409, ContractError, "source.refused"),
        (422, ContractError, "source.refused"),
        (500, TransientError, "source.unavailable"),
        (503, TransientError, "source.unavailable"),
    ],
)
def test_each_status_has_its_error_which_keeps_the_body_out_of_its_text(serve, client, status, kind, code):
    server = serve(lambda _request: Reply(status, {"error": "body-of-the-vendor"}))
    with pytest.raises(kind) as caught:
        client(server.url).get("jobs")
    assert type(caught.value) is kind
    assert caught.value.error_code == code
    assert caught.value.status == status
    assert caught.value.body_json == {"error": "body-of-the-vendor"}
    assert "body-of-the-vendor" not in str(caught.value)


def test_a_403_names_the_scope_of_the_challenge(serve, client):
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="harvest:jobs:list"'}
    server = serve(lambda _request: Reply(403, {}, challenge))
    with pytest.raises(AuthError, match="harvest:jobs:list"):
        client(server.url).get("jobs")


def test_a_status_named_in_ok_is_an_answer(serve, client):
    server = serve(lambda _request: Reply(422, {"expired": True}))
    answer = client(server.url).get("jobs", ok=(422,))
    assert (answer.status, answer.json()) == (422, {"expired": True})


def test_an_empty_answer_needs_no_content_type(serve, client):
    server = serve(lambda _request: Reply(204, b"", content_type=""))
    assert client(server.url).post("jobs", json={"a": 1}).content == b""


def test_html_with_status_200_is_refused_as_a_login_page(serve, client):
    server = serve(lambda _request: Reply(200, "<html>Sign in</html>", content_type="text/html; charset=utf-8"))
    with pytest.raises(ContractError, match="login page") as caught:
        client(server.url).get("jobs")
    assert caught.value.error_code == "source.not_json"


def test_json_that_does_not_parse_is_refused(serve, client):
    server = serve(lambda _request: Reply(200, '{"half": '))
    answer = client(server.url).get("jobs")
    with pytest.raises(ContractError) as caught:
        answer.json()
    assert caught.value.error_code == "source.not_json"
    assert "half" not in str(caught.value)


@pytest.mark.parametrize(
    ("accept", "sent", "fine"),
    [
        ("application/json", "application/vnd.api+json", True),
        ("text/xml", "application/soap+xml; charset=utf-8", True),
        ("text/csv", "text/csv", True),
        ("text/csv", "application/json", False),
        ("application/json, text/plain;q=0.5", "text/plain", True),
        ("text/*", "text/calendar", True),
        (None, "application/octet-stream", True),
    ],
)
def test_the_content_type_must_be_one_asked_for(serve, client, accept, sent, fine):
    server = serve(lambda _request: Reply(200, b"x", content_type=sent))
    if fine:
        assert client(server.url).get("thing", accept=accept).content == b"x"
    else:
        with pytest.raises(ContractError) as caught:
            client(server.url).get("thing", accept=accept)
        assert caught.value.error_code == "source.wrong_type"


def test_text_is_decoded_in_the_charset_the_source_names(serve, client):
    server = serve(lambda _request: Reply(200, "Zoë".encode("latin-1"), content_type="text/csv; charset=iso-8859-1"))
    assert client(server.url).get("people", accept="text/csv").text == "Zoë"


@pytest.mark.parametrize("charset", ["utf-klingon", "hex", "undefined", "idna"])
def test_text_in_a_charset_nobody_can_read_text_in_is_taken_for_utf_8(serve, client, charset):
    server = serve(lambda _request: Reply(200, "Zoë\xff".encode(), content_type=f"text/csv; charset={charset}"))
    assert client(server.url).get("people", accept="text/csv").text == "Zoë\xff"


def test_500_then_200_recovers_after_a_jittered_wait(serve, client, clock):
    server = serve(lambda _request: Reply(200, [1]), Faults.scripted({"/jobs": ["http_500", "http_503", None]}))
    seen = []
    http = client(server.url, on_event=seen.append)
    assert http.get("jobs").json() == [1]
    assert clock.slept == [1.0, 2.0]
    assert [type(event) for event in seen] == [Retried, Retried]
    assert (seen[0].connection, seen[0].attempt, seen[0].code) == ("test", 1, "source.unavailable")
    assert (http.stats.requests, http.stats.retries, http.stats.throttled_s) == (3, 2, 0.0)


def test_five_failures_give_up_and_waits_are_capped(serve, client, clock):
    server = serve(lambda _request: Reply(500, b"", content_type=""))
    with pytest.raises(TransientError):
        client(server.url, retry=Retry(attempts=5, base_s=1.0, cap_s=3.0)).get("jobs")
    assert len(server.requests) == 5
    assert clock.slept == [1.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("fault", "code"),
    [("half_body", "source.disconnected"), ("reset", "source.disconnected"), ("hang", "source.timeout")],
)
def test_a_broken_connection_is_transient_and_read_again(serve, client, fault, code):
    server = serve(lambda _request: Reply(200, {"whole": "x" * 200_000}), Faults.scripted({"/jobs": [fault]}))
    seen = []
    answer = client(server.url, on_event=seen.append, read_timeout_s=0.2 if fault == "hang" else 30.0).get("jobs")
    assert len(answer.json()["whole"]) == 200_000
    assert {event.code for event in seen} == {code}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_bad_day_changes_nothing_about_what_is_read(serve, client, seed):
    def answer(request):
        number = int(request.param("page"))
        return Reply(200, {"rows": [{"id": number}], "links": {"next": f"?page={number + 1}" if number < 40 else None}})

    server = serve(answer, Faults.bad_day(seed))
    walk = paging.body_link(
        client(server.url, read_timeout_s=0.2), "jobs", params={"page": 1}, items=lambda body: body["rows"]
    )
    assert [record["id"] for page in walk for record in page.records] == list(range(1, 41))
    assert server.faults.counts.total() >= 5


def test_an_accept_header_given_by_hand_is_the_one_demanded(serve, client):
    server = serve(lambda request: Reply(200, b"a;b", content_type=request.headers["accept"]))
    assert client(server.url).get("report", headers={"accept": "text/csv"}).content == b"a;b"
    assert server.requests[0].headers["accept"] == "text/csv"


def test_a_connection_nobody_listens_on_is_unreachable(client, serve):
    server = serve(lambda _request: Reply())
    server.stop()
    with pytest.raises(TransientError) as caught:
        client(server.url).get("jobs")
    assert caught.value.error_code == "source.unreachable"


def test_compressed_data_without_its_end_is_transient(serve, client):
    whole = gzip.compress(b"[" + b"1," * 5000 + b"1]")
    answers = [whole[:-20], whole]
    server = serve(lambda _request: Reply(200, answers.pop(0), {"Content-Encoding": "gzip"}))
    assert len(client(server.url).get("jobs").json()) == 5001
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("gzip", lambda data: gzip.compress(data[:3]) + gzip.compress(data[3:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
    ],
)
def test_compressed_answers_are_decoded(serve, client, encoding, encode):
    server = serve(lambda _request: Reply(200, encode(b'{"a": 1}'), {"Content-Encoding": encoding}))
    assert client(server.url).get("jobs").json() == {"a": 1}


def test_a_compression_nobody_asked_for_is_refused(serve, client):
    server = serve(lambda _request: Reply(200, b"xx", {"Content-Encoding": "br"}))
    with pytest.raises(ContractError) as caught:
        client(server.url).get("jobs")
    assert caught.value.error_code == "source.encoding"


def test_a_body_above_the_limit_is_refused(serve, client):
    server = serve(lambda _request: Reply(200, b"1" * 1001))
    with pytest.raises(ContractError) as caught:
        client(server.url, max_body_bytes=1000).get("jobs")
    assert caught.value.error_code == "source.too_large"
    assert len(server.requests) == 1


def test_a_body_at_the_limit_passes(serve, client):
    server = serve(lambda _request: Reply(200, gzip.compress(b"1" * 1000), {"Content-Encoding": "gzip"}))
    assert len(client(server.url, max_body_bytes=1000).get("jobs").content) == 1000


def test_a_gzip_bomb_is_stopped_at_the_limit_without_filling_memory(serve, client):
    bomb = gzip.compress(b"0" * 100_000_000)
    server = serve(lambda _request: Reply(200, bomb, {"Content-Encoding": "gzip"}))
    http = client(server.url, max_body_bytes=1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ContractError) as caught:
            http.get("jobs")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.error_code == "source.too_large"
    assert peak < 10_000_000


def test_a_post_is_not_sent_twice_after_a_server_error(serve, client):
    server = serve(lambda _request: Reply(500, b"", content_type=""))
    with pytest.raises(TransientError):
        client(server.url).post("applications", json={"a": 1})
    assert len(server.requests) == 1


def test_an_idempotent_post_is_sent_again(serve, client):
    server = serve(lambda request: Reply(200, request.json()), Faults.scripted({"/soap": ["http_500", "half_body"]}))
    assert client(server.url).post("soap", json={"a": 1}, idempotent=True).json() == {"a": 1}
    assert len(server.requests) == 3


def test_a_post_refused_with_429_is_sent_again(serve, client):
    server = serve(lambda request: Reply(200, request.form()), Faults.scripted({"/apply": ["http_429"]}))
    assert client(server.url).post("apply", data={"a": "1"}).json() == {"a": ["1"]}


def test_a_stream_yields_the_whole_body_in_pieces(serve, client):
    body = b"[" + b"1," * 3_000_000 + b"1]"
    server = serve(lambda _request: Reply(200, body), Faults.scripted({"/report": ["half_body"]}))
    http = client(server.url)
    with http.stream("report", params={"format": "json"}) as chunks:
        pieces = list(chunks)
    assert b"".join(pieces) == body
    assert max(map(len, pieces)) <= 65_536
    assert server.requests[0].query == {"format": ["json"]}


def test_a_stream_checks_status_type_and_size_before_the_first_piece(serve, client):
    answers = {
        "/missing": Reply(404, {}),
        "/login": Reply(200, "<html>", content_type="text/html"),
        "/large": Reply(200, b"1" * 2000),
    }
    server = serve(lambda request: answers[request.path])
    http = client(server.url, max_body_bytes=1000)
    codes = []
    for path in answers:
        with pytest.raises(HubError) as caught, http.stream(path):
            pytest.fail("nothing may be read")
        codes.append(caught.value.error_code)
    assert codes == ["source.not_found", "source.not_json", "source.too_large"]


def test_counts_are_kept_per_stream_and_restart_with_a_run(serve, client):
    server = serve(lambda _request: Reply(200, b"12345"))
    http = client(server.url)
    token = current_stream.set("jobs")
    http.get("jobs")
    current_stream.reset(token)
    http.get("departments")
    assert (http.stats_of("jobs").requests, http.stats_of("jobs").bytes) == (1, 5)
    assert (http.stats.requests, http.stats.bytes) == (2, 10)
    http.begin_run()
    assert http.stats.requests == 0
