"""The sandbox server and its bad days, seen by a plain HTTP client."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
from collections.abc import Callable, Iterator

import httpx
import pytest

from echo_core.testing.sandbox import (
    Faults,
    FixedWindowLimit,
    Headers,
    Reply,
    Request,
    Sandbox,
    SandboxConnection,
    SandboxServer,
)


class EchoVendor(Sandbox):
    """Answers with what it was asked."""

    name = "echo"

    def handle(self, request: Request) -> Reply:
        if request.path == "/broken":
            raise LookupError("a bug of the imitation")
        if request.path == "/large":
            return Reply(200, b"x" * 3_000_000, content_type="text/plain")
        if request.path == "/none":
            return Reply(204)
        return Reply(200, {"method": request.method, "path": request.path, "query": request.query})

    def connection(self, url: str) -> SandboxConnection:
        return SandboxConnection("echo", "echo", {"url": url, "key": "env:ECHO_KEY"}, {"ECHO_KEY": "invented"})


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[SandboxServer, httpx.Client]]]:
    """serve(faults) -> (running server, client)."""
    opened: list[tuple[SandboxServer, httpx.Client]] = []

    def start(faults: Faults | None = None) -> tuple[SandboxServer, httpx.Client]:
        server = SandboxServer(EchoVendor(), faults=faults).start()
        opened.append((server, httpx.Client(base_url=server.url, timeout=30, trust_env=False)))
        return opened[-1]

    yield start
    for server, client in opened:
        client.close()
        server.stop()


def test_method_path_query_and_body_reach_the_handler(serve):
    server, client = serve()
    answer = client.post("/jobs/a%20b?x=1&x=2&empty=", json={"a": 1}, headers={"X-Key": "k"})
    assert answer.json() == {"method": "POST", "path": "/jobs/a b", "query": {"x": ["1", "2"], "empty": [""]}}
    request = server.requests[0]
    assert request.json() == {"a": 1}
    assert request.headers["x-KEY"] == "k"
    assert request.target == "/jobs/a%20b?x=1&x=2&empty="
    assert (request.param("x"), request.param("y", "z")) == ("2", "z")


def test_a_chunked_body_is_put_together(serve):
    server, client = serve()
    client.post("/jobs", content=iter([b"abc", b"def"]))
    client.post("/jobs", data={"a": "1", "b": "2"})
    assert server.requests[0].body == b"abcdef"
    assert server.requests[1].form() == {"a": ["1"], "b": ["2"]}


def test_a_connection_is_kept_alive_between_requests(serve):
    server, _ = serve()
    raw = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    raw.request("GET", "/a")
    raw.getresponse().read()
    before = raw.sock
    raw.request("GET", "/b")
    raw.getresponse().read()
    assert raw.sock is before
    raw.close()


def test_head_and_204_have_no_body(serve):
    _, client = serve()
    assert client.head("/jobs").content == b""
    answer = client.get("/none")
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get("/jobs").status_code == 200


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ([1, "é"], '[1,"é"]'.encode()),
        ({"a": None}, b'{"a":null}'),
        ("é", "é".encode()),
        (b"\x00", b"\x00"),
        ([], b"[]"),
    ],
)
def test_a_reply_is_encoded_by_its_type(body, content):
    assert Reply(200, body).content() == content


def test_headers_ignore_case_and_join_repeats():
    headers = Headers([("A", "1"), ("a", "2"), ("B", "3")])
    assert (headers["a"], "A" in headers, headers.get("c"), len(headers)) == ("1, 2", True, None, 2)
    assert "1" not in repr(headers)


def test_the_connection_names_secrets_by_reference(serve):
    server, _ = serve()
    assert server.connection.config == {"url": server.url, "key": "env:ECHO_KEY"}
    assert server.connection.secrets == {"ECHO_KEY": "invented"}


def test_a_bug_of_the_imitation_surfaces_when_the_block_ends():
    with pytest.raises(LookupError, match="a bug of the imitation"), SandboxServer(EchoVendor()) as server:
        assert httpx.get(server.url + "/broken", trust_env=False).status_code == 500


def test_the_log_says_what_each_request_got(serve):
    server, client = serve(Faults.scripted({"/a": ["http_503", "reset"]}))
    assert client.get("/a").status_code == 503
    with pytest.raises(httpx.TransportError):
        client.get("/a")
    client.get("/a")
    assert [(line.status, line.fault) for line in server.log] == [(503, "http_503"), (None, "reset"), (200, None)]


def test_429_and_500_look_like_the_real_ones(serve):
    server, client = serve(Faults.scripted({"/a": ["http_429", "http_500"]}))
    refused = client.get("/a")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert client.get("/a").headers["content-type"] == "text/html"
    assert server.faults.counts == {"http_429": 1, "http_500": 1}


def test_half_a_body_promises_the_whole(serve):
    _, client = serve(Faults.scripted({"/large": ["half_body"]}))
    with client.stream("GET", "/large") as answer:
        assert answer.headers["content-length"] == "3000000"
        with pytest.raises(httpx.RemoteProtocolError, match="received 1500000 bytes, expected 3000000"):
            answer.read()
    assert len(client.get("/large").content) == 3_000_000


def test_a_reset_is_a_reset(serve):
    _, client = serve(Faults.scripted({"/a": ["reset"]}))
    with pytest.raises(httpx.ReadError):
        client.get("/a")


def test_a_hanging_request_outlasts_the_clients_patience(serve):
    _, client = serve(Faults.scripted({"/a": ["hang"]}))
    with pytest.raises(httpx.ReadTimeout):
        client.get("/a", timeout=httpx.Timeout(30, read=0.05))
    assert client.get("/a").status_code == 200


def test_a_hanging_request_ends_by_itself_after_hang_s(serve):
    _, client = serve(Faults.scripted({"/a": ["hang"]}, hang_s=0.05))
    with pytest.raises(httpx.ReadError):
        client.get("/a", timeout=30)


def test_the_server_stops_at_once_with_hanging_and_idle_connections():
    server = SandboxServer(EchoVendor(), faults=Faults.scripted({"/a": ["hang"]})).start()
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as hanging, socket.create_connection((host, int(port))):
        hanging.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        while not server.requests:
            os.sched_yield()
        server.stop()
        hanging.settimeout(5)
        with contextlib.suppress(ConnectionResetError):
            assert hanging.recv(1) == b""
    server.stop()
    assert [line.fault for line in server.log] == ["hang"]


def test_a_stopped_server_refuses_connections():
    with SandboxServer(EchoVendor()) as server:
        url = server.url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def decisions(faults: Faults, path: str, count: int) -> list[str | None]:
    return [faults.next("GET", path, f"{path}?page={n}") for n in range(count)]


def test_the_same_seed_makes_the_same_bad_day_whatever_the_order_of_paths():
    one, other = Faults.bad_day(7), Faults.bad_day(7)
    jobs, people = decisions(one, "/jobs", 200), decisions(one, "/people", 200)
    mixed = [other.next("GET", path, f"{path}?{n}") for n in range(200) for path in ("/people", "/jobs")]
    assert (mixed[1::2], mixed[::2]) == (jobs, people)
    assert decisions(Faults.bad_day(8), "/jobs", 200) != jobs


def test_a_bad_day_knows_every_fault_and_answers_well_most_of_the_time():
    faults = Faults.bad_day(3)
    made = decisions(faults, "/jobs", 2000)
    assert set(faults.counts) == {"http_429", "http_500", "http_503", "hang", "reset", "half_body"}
    assert 0.65 < made.count(None) / len(made) < 0.85


@pytest.mark.parametrize("seed", range(20))
def test_asking_again_succeeds_after_two_faults_at_most(seed):
    faults = Faults(seed, {"http_500": 1.0})
    assert [faults.next("GET", "/jobs", "/jobs?page=1") for _ in range(6)] == ["http_500", "http_500", None] * 2


def test_nothing_goes_wrong_by_default():
    assert decisions(Faults.none(), "/jobs", 500) == [None] * 500


def test_a_fixed_window_allows_its_requests_then_refuses_until_the_next_one():
    seconds = [1000.0]
    limit = FixedWindowLimit(2, 30.0, lambda: seconds[0])
    first, second, third = limit.spend("key"), limit.spend("key"), limit.spend("key")
    assert [one.allowed for one in (first, second, third)] == [True, True, False]
    assert first.headers() == {"X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "1020"}
    assert limit.spend("other").allowed
    refusal = third.refusal({"message": "slow down"})
    assert (refusal.status, refusal.headers["Retry-After"]) == (429, "20")
    seconds[0] = 1020.0
    assert limit.spend("key").remaining == 1
