"""Requests are bounded before they are read, and whatever is refused is told in a sentence that the API lists."""

from __future__ import annotations

import contextlib
import http.client
import json
import resource
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echo_hub.surfaces.cli.serve import LARGEST_HEAD
from echo_hub.surfaces.ids import LARGEST_ID
from echo_hub.surfaces.limits import LONGEST_ADDRESS
from echo_hub.surfaces.patience import PatientProtocol
from echo_hub.surfaces.problems import LARGEST_BODY
from echo_hub.surfaces.web.app import create_app
from echo_hub.surfaces.web.forms import TOKEN

ADA = "workday:person:1"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
DECIDE = "/api/v1/skills/queue/decisions"
POSTS = (
    DECIDE,
    "/api/v1/skills/queue/undo",
    "/api/v1/corrections",
    "/api/v1/requirements/undo",
    "/api/v1/opportunities/exchange:project:bad/requirements",
    "/api/v1/mentoring/rounds",
    "/api/v1/mentoring/capacity",
    "/api/v1/mentoring/pairs/1/pin",
    "/api/v1/mentoring/pairs/1/pin",
)
FORMS = (
    "/skills/queue",
    "/skills/queue/undo",
    "/requirements",
    "/requirements/undo",
    "/mentoring",
    "/receipts",
    "/mentoring/1/run",
)


def told(answer, status, code):
    """A refusal of the API: one object with this code and a sentence, listed in the API's own description."""
    assert answer.status_code == status, answer.text
    found = answer.json()
    assert found["code"] == code
    assert found["message"].endswith(".")
    return found["message"]


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_too_large_is_refused_by_its_stated_size(web, path):
    answer = web.post(path, content=b"[" * (LARGEST_BODY + 1), headers=JSON)
    assert "2,000,000 bytes" in told(answer, 413, "request.too_large")


@pytest.mark.parametrize("path", [DECIDE, "/skills/queue"])
def test_a_body_without_a_stated_size_is_refused_when_it_has_grown_too_large(web, path):
    sent = []

    def chunks():
        for _ in range(1_000):
            sent.append(100_000)
            yield b" " * 100_000

    answer = web.post(path, content=chunks(), headers=FORM if path == "/skills/queue" else JSON)
    assert answer.status_code == 413
    assert "2,000,000 bytes" in answer.text


def test_the_largest_request_of_ours_is_small_enough(web):
    decisions = [{"name": f"a name of a usual length, number {n}", "action": "reject"} for n in range(10_000)]
    body = {"decisions": decisions, "dry_run": True}
    assert len(json.dumps(body)) < LARGEST_BODY
    assert web.post(DECIDE, json=body).status_code in (200, 409)


@pytest.mark.parametrize("path", ["/api/v1/search", "/explore"])
def test_an_address_that_is_too_long_is_refused(web, path):
    answer = web.get(path, params={"q": "a" * LONGEST_ADDRESS})
    assert answer.status_code == 414
    assert "8,192 bytes" in answer.text
    assert "aaaa" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"by": "\xff\xfe"}', id="not UTF-8"),
        pytest.param(b"[" * 100_000, id="100,000 brackets"),
        pytest.param(b'{"a":' * 100_000, id="100,000 braces"),
        pytest.param(b'{"batch": ' + b"9" * 5_000 + b"}", id="a number of 5,000 digits"),
    ],
)
@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_cannot_be_read_is_refused(web, path, body):
    assert "JSON in UTF-8" in told(web.post(path, content=body, headers=JSON), 400, "request.unreadable")


def test_what_is_wrong_in_a_body_is_not_blamed_on_the_address(web):
    message = told(web.post(DECIDE, json={"decisions": [{"name": "x", "action": "eat"}]}), 422, "request.invalid")
    assert message.startswith("In the body decisions.0.action is 'eat'; it can be ")
    assert "The body is not JSON" in told(web.post(DECIDE, content=b"{", headers=JSON), 422, "request.invalid")
    many = web.post(DECIDE, json={"decisions": [{}] * 1_000})
    assert len(told(many, 422, "request.invalid")) < 400


@pytest.mark.parametrize("number", [2**63, 2**64, 10**30, -1])
def test_a_number_no_row_can_have_is_refused_wherever_a_row_is_named(web, number):
    for verb, path in (
        ("get", f"/api/v1/mentoring/rounds/{number}"),
        ("post", f"/api/v1/mentoring/rounds/{number}/publish"),
        ("post", f"/api/v1/mentoring/pairs/{number}/end"),
        ("delete", f"/api/v1/skills/queue/decisions/{number}?by=E1"),
        ("delete", f"/api/v1/corrections/{number}?by=E1"),
        ("delete", f"/api/v1/requirements/decisions/{number}?by=E1"),
        ("get", f"/mentoring/{number}"),
        ("get", f"/skills/queue?batch={number}"),
        ("get", f"/requirements/exchange:project:bad?batch={number}"),
    ):
        sent = {"json": {}} if verb == "post" else {}
        assert getattr(web, verb)(path, **sent).status_code == 422, path
    for path in ("/api/v1/skills/queue/undo", "/api/v1/requirements/undo"):
        assert web.post(path, json={"batch": number}).status_code == 422
        assert web.post(path, json={"decisions": [number]}).status_code == 422


@pytest.mark.parametrize(
    "path",
    [f"/api/v1/mentoring/rounds/{LARGEST_ID}", f"/mentoring/{LARGEST_ID}"],
)
def test_the_largest_number_a_row_can_have_is_looked_up(web, path):
    assert web.get(path).status_code == 404


def test_a_form_with_a_number_no_row_can_have_is_refused(web):
    for path in ("/skills/queue/undo", "/requirements/undo"):
        answer = web.post(path, data={"token": TOKEN, "decision": str(2**63), "opportunity": "exchange:project:bad"})
        assert answer.status_code == 422
        assert "larger than any there is" in answer.text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_is_none_is_refused_with_a_page(web, path):
    def refused(status, sentence, **sent):
        answer = web.post(path, **sent)
        assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
        assert answer.headers["content-type"].startswith("text/html")

    refused(415, "takes a form", json={"token": TOKEN})
    refused(415, "takes a form", files={"token": ("token", TOKEN)})
    refused(413, "5,000 fields at most", data={f"do-{n}": "reject" for n in range(5_001)} | {"token": TOKEN})
    refused(400, "UTF-8", content=f"token={TOKEN}&note=%FF".encode(), headers=FORM)
    refused(400, "UTF-8", content=b"\xff\xfe", headers=FORM)
    refused(400, "code 0", content=f"token={TOKEN}&note=%00".encode(), headers=FORM)
    refused(422, "characters; 500 are its limit", data={"token": "x" * 501})
    refused(403, "no longer valid", data={"token": "guessed"})


def test_head_answers_as_get_does_on_every_route(web):
    document = web.get("/api/v1/openapi.json").json()
    paths = [path for path, calls in document["paths"].items() if "get" in calls]
    pages = [
        "/",
        "/for-you?person=E1",
        "/explore?q=python",
        "/people",
        "/connections",
        "/receipts",
        "/mentoring",
        "/skills",
    ]
    pages += [
        "/skills/queue",
        "/nothing",
        "/static/echo.css",
        "/opportunities/exchange:project:bad",
        "/explore?kind=cat",
    ]
    assert len(paths) > 15
    for path in paths + pages:
        got, headed = web.get(path), web.head(path)
        assert headed.status_code == got.status_code, path
        assert headed.content == b"", path
        assert headed.headers["content-length"] == got.headers["content-length"], path
        assert headed.headers.get("content-type") == got.headers.get("content-type"), path


def test_a_wrong_method_is_told_the_right_one(web):
    answer = web.get("/api/v1/skills/queue/undo")
    assert told(answer, 405, "request.method") == "This address takes POST only."
    assert answer.headers["allow"] == "POST"
    assert web.put("/explore").headers["allow"] == "GET"


def test_another_site_and_another_name_are_refused_in_the_api_s_own_form(web):
    assert told(web.post(DECIDE, json={}, headers={"sec-fetch-site": "cross-site"}), 403, "request.another_site")
    assert told(web.get("/api/v1/people?q=a", headers={"host": "evil.example"}), 400, "request.host")


def test_every_call_lists_what_may_refuse_it(web):
    document = web.get("/api/v1/openapi.json").json()
    for path, calls in document["paths"].items():
        for verb, call in calls.items():
            assert {"400", "403", "405", "413", "414", "422", "500", "503"} <= call["responses"].keys(), (verb, path)


@pytest.mark.parametrize(("whose", "told"), [("E1", set()), ("E3", {"event", "event_head", "person_key"})])
def test_a_get_writes_no_row_but_that_somebody_looked_at_anothers_data(fresh_hub, browse, whose, told):
    web = browse(fresh_hub, as_="E1; hr_operations, integration_engineer, auditor")
    document = web.get("/api/v1/openapi.json").json()
    queries = f"?person={whose}&receipt=true&q=a&title=engineer&opportunity_id=exchange:project:bad&done=1&batch=1"
    paths = [path.replace("{opportunity_id}", "exchange:project:bad") for path in document["paths"]]
    pages = [
        "/for-you",
        "/explore",
        "/people",
        "/connections",
        "/receipts",
        "/mentoring",
        "/skills/queue",
        "/profile/E1",
    ]
    tables = written(fresh_hub)
    for path in [*paths, *pages, "/opportunities/exchange:project:bad", "/requirements/exchange:project:bad"]:
        web.get(f"{path}{queries}", headers={"sec-fetch-site": "cross-site"})
    after = written(fresh_hub)
    assert {name for name, rows in after.items() if rows != tables[name]} == told
    assert all(row[5].endswith((".read", ".list")) for row in after["event"])


def written(hub):
    """Rows by table."""
    with hub.database.reading() as transaction:
        names = [name for (name,) in transaction.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: transaction.rows(f"SELECT * FROM {name}") for name in names}


ODD_TEXT = st.text(max_size=30) | st.sampled_from(["\x00", "\u202e", "E1", ADA, "has", "accept", "map", "🎧" * 20])
ODD_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | ODD_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD_TEXT, inner, max_size=4),
    max_leaves=8,
)
FIELD_NAMES = "by decisions batch min_confidence dry_run person skill stance level note mentor places title settings"
FIELDS = st.sampled_from(FIELD_NAMES.split())


@settings(
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(st.sampled_from(POSTS), st.dictionaries(FIELDS, ODD_JSON, max_size=6) | ODD_JSON)
def test_whatever_is_sent_to_the_api_the_answer_is_never_a_fault(web, path, body):
    answer = web.post(path, content=json.dumps(body), headers=JSON)
    assert answer.status_code in (200, 201, 400, 404, 409, 422), answer.text
    assert answer.status_code < 300 or answer.json()["message"]


@settings(
    max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.sampled_from(FORMS),
    st.dictionaries(
        st.sampled_from(
            ["decision", "batch", "opportunity", "skill", "ruling", "level", "bulk", "pick", "list", "person"]
        )
        | ODD_TEXT,
        ODD_TEXT,
        max_size=5,
    ),
)
def test_whatever_is_sent_to_a_page_the_answer_is_never_a_fault(web, path, fields):
    answer = web.post(path, data={**fields, "token": TOKEN})
    assert answer.status_code in (303, 400, 403, 404, 409, 422), answer.text


@contextlib.contextmanager
def serving(hub) -> Iterator[int]:
    """The application as `echo-hub serve` serves it, less patient; gives its port."""
    protocol = type("Impatient", (PatientProtocol,), {"arrival_s": 0.3})
    config = uvicorn.Config(
        create_app(hub), http=protocol, ws="none", log_level="critical", h11_max_incomplete_event_size=LARGEST_HEAD
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port(new_hub):
    with serving(new_hub()) as port:
        yield port


def closed(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    connection.settimeout(30)
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65_536):
            received += data
    return received


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /people HT", id="half a line"),
        pytest.param(b"GET /people HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", id="half a header"),
        pytest.param(
            b"POST /api/v1/requirements/undo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{",
            id="a byte of a body",
        ),
    ],
)
def test_a_request_that_does_not_arrive_is_not_waited_for(port, sent):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(sent)
        assert closed(connection) == b""


def test_a_request_that_trickles_is_not_waited_for(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /people HTTP/1.1\r\n")
        with contextlib.suppress(OSError):  # a reset or a broken pipe, as the system likes
            for number in range(600):
                connection.sendall(b"X-%d: 1\r\n" % number)
                time.sleep(0.05)
        assert number < 100


def test_headers_that_are_too_large_are_refused(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /people HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * (2 * LARGEST_HEAD))
        assert closed(connection).startswith(b"HTTP/1.1 400 ")


def test_a_connection_that_waited_for_its_answer_is_kept(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(3):
        connection.request("GET", "/api/v1/people?q=ada")
        assert connection.getresponse().read()
    connection.close()


def test_400_megabytes_in_chunks_are_refused_before_they_are_read(port):
    sent, before = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(30)
        connection.sendall(
            b"POST /api/v1/requirements/undo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"%x\r\n" % 1_000_000 + b" " * 1_000_000 + b"\r\n"
        with contextlib.suppress(OSError):
            while sent < 400_000_000:
                connection.sendall(chunk)
                sent += 1_000_000
        answer = closed(connection)
    # Whoever goes on sending is cut off, and may not get to read the answer.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes"
