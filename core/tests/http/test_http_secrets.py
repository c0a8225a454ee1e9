"""No secret of a connection appears in logs, exceptions, tracebacks or events, whatever goes wrong."""

from __future__ import annotations

import io
import logging
import traceback

import httpx
import pytest
import respx
from pydantic import BaseModel, SecretStr

from echo_core.connectors.errors import ConfigError, HubError, RecordError
from echo_core.connectors.redaction import MASK, SECRETS, Secrets, connection_logger, guard, redact
from echo_core.http.auth import BasicAuth, BearerAuth, ClientCredentials, RefreshToken
from echo_core.testing.sandbox import Faults, Reply

SECRET = "s3cret/of+the=vendor"
SPELLINGS = (SECRET, "s3cret%2Fof%2Bthe%3Dvendor")


@pytest.fixture
def everything_logged():
    """All that any logger writes, at debug level, through a guarded handler."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    guard(handler)
    root = logging.getLogger()
    before = [(logger, logger.level) for logger in (root, logging.getLogger("httpx"))]
    root.addHandler(handler)
    for logger, _ in before:  # a command that ran in this process quiets the library
        logger.setLevel(logging.DEBUG)
    yield text
    for logger, level in before:
        logger.setLevel(level)
    root.removeHandler(handler)


def told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(400, {"echo": SECRET}),
        Reply(401, {"error": SECRET}),
        Reply(403, {}, {"WWW-Authenticate": f'Bearer scope="{SECRET}"'}),
        Reply(404, SECRET),
        Reply(429, {}, {"Retry-After": "5000"}),
        Reply(500, SECRET),
        Reply(302, b"", {"Location": f"https://{SECRET[:6]}.example/?key={SECRET}"}),
        Reply(200, SECRET, content_type="text/html"),
    ],
)
def test_no_refusal_shows_the_key_in_the_query_or_the_body(serve, client, everything_logged, answer):
    SECRETS.add(SECRET)
    server = serve(lambda _request: answer)
    events = []
    http = client(server.url, auth=BearerAuth(SecretStr(SECRET)), on_event=events.append)
    with pytest.raises(HubError) as caught:
        http.get(f"jobs/{SECRET}", params={"key": SECRET})
    logging.getLogger("echo_core").error("failed", exc_info=caught.value)
    shown = told(caught.value) + everything_logged.getvalue() + repr(events)
    assert not [one for one in SPELLINGS if one in shown]


@pytest.mark.parametrize("fault", ["reset", "half_body", "hang"])
def test_no_broken_connection_shows_a_secret(serve, client, everything_logged, fault):
    server = serve(lambda _request: Reply(200, [1] * 100), Faults.scripted({"/jobs": [fault] * 9}))
    http = client(server.url, auth=BasicAuth("me", SecretStr(SECRET)), read_timeout_s=0.05 if fault == "hang" else 30.0)
    with pytest.raises(HubError) as caught:
        http.get("jobs", params={"key": SECRET})
    shown = told(caught.value) + everything_logged.getvalue()
    assert "httpx." not in told(caught.value)
    assert not [one for one in SPELLINGS if one in shown]


def test_the_exception_has_no_library_exception_behind_it(serve, client):
    server = serve(lambda _request: Reply(), Faults.scripted({"/jobs": ["reset"] * 9}))
    with pytest.raises(HubError) as caught:
        client(server.url).get("jobs")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@respx.mock
def test_the_http_librarys_own_log_line_hides_the_key(client, everything_logged):
    SECRETS.add(SECRET)
    respx.get("https://api.vendor.example/jobs").mock(return_value=httpx.Response(200, json=[]))
    client("https://api.vendor.example").get("jobs", params={"key": SECRET})
    assert "api.vendor.example/jobs?key=" + MASK in everything_logged.getvalue()


def test_an_empty_token_is_refused():
    with pytest.raises(ConfigError, match="is empty"):
        BearerAuth(SecretStr(""))


def test_a_blank_password_goes_with_a_key_as_user():
    request = next(BasicAuth("api-key", SecretStr("")).sync_auth_flow(httpx.Request("GET", "https://x.example")))
    assert request.headers["Authorization"] == "Basic YXBpLWtleTo="


@pytest.mark.parametrize(
    "make",
    [
        lambda secret: BearerAuth(secret),
        lambda secret: BasicAuth("me", secret),
        lambda secret: ClientCredentials("https://x.example/token", "me", secret),
        lambda secret: RefreshToken("https://x.example/token", "me", SecretStr("fine"), secret),
    ],
)
@pytest.mark.parametrize("value", [" ", "abcd-efgh\n", " abcd-efgh", "abcd\r\nX-Evil: 1"])
def test_a_badly_pasted_secret_is_refused_without_showing_it(make, value):
    with pytest.raises(ConfigError) as caught:
        make(SecretStr(value))
    assert caught.value.error_code == "config.secret"
    assert "abcd" not in str(caught.value)


def test_a_header_with_a_line_break_is_a_configuration_error_that_hides_it(serve, client):
    server = serve(lambda _request: Reply())
    with pytest.raises(ConfigError) as caught:
        client(server.url, headers={"X-Key": f"{SECRET}\n"}).get("jobs")
    assert caught.value.error_code == "config.header"
    assert SECRET not in told(caught.value)


def test_auth_objects_do_not_show_their_secrets():
    objects = [
        BearerAuth(SecretStr(SECRET)),
        BasicAuth("me", SecretStr(SECRET)),
        ClientCredentials("https://x.example/token", "me", SecretStr(SECRET)),
    ]
    assert SECRET not in repr(objects)


def test_every_error_of_the_tree_is_redacted_when_it_is_made():
    SECRETS.add(SECRET)
    error = RecordError(f"the field holds {SECRET}", detail=f"value {SECRET}")
    assert SECRET not in str(error) + repr(error) + error.detail + error.message


def test_logged_arguments_and_tracebacks_are_redacted(caplog):
    SECRETS.add(SECRET)
    logger = connection_logger("greenhouse-us")
    try:
        raise ValueError(f"could not use {SECRET}")
    except ValueError:
        logger.exception("with %s", SECRET)
    assert SECRET not in caplog.text
    assert f"with {MASK}" in caplog.text
    assert f"ValueError: could not use {MASK}" in caplog.text


def test_a_log_line_without_a_secret_is_left_alone(caplog):
    SECRETS.add(SECRET)
    connection_logger("greenhouse-us").warning("read %d pages", 3)
    assert caplog.records[0].args == (3,)


def test_all_secrets_of_a_configuration_are_found():
    class Inner(BaseModel):
        token: SecretStr

    class Config(BaseModel):
        name: str
        password: SecretStr
        inner: list[Inner]
        by_name: dict[str, SecretStr]

    SECRETS.add_from(
        Config.model_validate(
            {"name": "open", "password": "pass-1", "inner": [{"token": "tok-1"}], "by_name": {"a": "key-1"}}
        )
    )
    assert redact("open pass-1 tok-1 key-1") == f"open {MASK} {MASK} {MASK}"


def test_the_longest_secret_is_replaced_first_and_short_values_are_left():
    secrets = Secrets()
    secrets.add("abcd", "abcdef", "xy")
    assert secrets.redact("abcdef abcd xy") == f"{MASK} {MASK} xy"


def test_a_secret_added_twice_is_forgotten_only_when_both_let_go():
    secrets = Secrets()
    secrets.add("abcd")
    secrets.add("abcd")
    secrets.forget("abcd", "unknown")
    assert secrets.redact("abcd") == MASK
    secrets.forget("abcd")
    assert secrets.redact("abcd") == "abcd"
