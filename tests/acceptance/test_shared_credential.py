"""Two processes with one Greenhouse credential, where a new token ends the one before: neither logs the other out,
and both together keep the limit of requests."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import SandboxServer
from echo_hub.application import Hub
from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import operations
from echo_hub_greenhouse.sandbox import CLIENT_SECRET, GreenhouseSandbox

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])
PROCESS = Path(__file__).with_name("shared_credential.py")
KEY = base64.b64encode(b"k" * 32).decode()
SETTINGS = """
[hub]
data_dir = "data"
{key}
[connections.greenhouse]
connector = "greenhouse"
[connections.greenhouse.config]
client_id = "{client_id}"
client_secret = "env:GREENHOUSE_CLIENT_SECRET"
acting_user_id = {acting_user_id}
base_url = "{base_url}"
token_url = "{token_url}"
app_url = "{app_url}"
requests_per_window = {requests}
"""


@pytest.fixture
def sandbox():
    with SandboxServer(GreenhouseSandbox.from_company(build_company(), requests=100_000)) as server:
        yield server


@pytest.fixture
def settings_file(sandbox, tmp_path, monkeypatch, new_database_url):
    monkeypatch.setenv("GREENHOUSE_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("ECHO_HUB_TOKEN_KEY", KEY)
    monkeypatch.setenv("ECHO_HUB_DATABASE_URL", new_database_url())

    def write(*, key=True, requests=100_000):
        table = '[vendor_tokens]\nkey = "env:ECHO_HUB_TOKEN_KEY"' if key else ""
        file = tmp_path / "echo-hub.toml"
        file.write_text(SETTINGS.format(**sandbox.connection.config | {"key": table, "requests": requests}))
        return file

    return write


def together(file, seconds, *, stopped_after_s=None):
    """Two processes that begin at the same instant; when each sent its requests."""
    processes = [
        subprocess.Popen(
            [sys.executable, PROCESS, file, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ.copy(),
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    if stopped_after_s is not None:
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(stopped_after_s)
            process.kill()
            process.communicate()
        return []
    answers = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], [error for _, error in answers]
    return [json.loads(out) for out, _ in answers]


def refused(sandbox):
    return sum(line.status == 401 for line in sandbox.log)


def test_processes_that_share_a_credential_mint_one_token_and_refuse_each_other_nothing(sandbox, settings_file):
    sent = together(settings_file(), 1.5)
    assert all(len(moments) > 5 for moments in sent)
    assert (sandbox.sandbox.tokens_minted, refused(sandbox)) == (1, 0)


@SQLITE
def test_a_token_that_an_outsider_ended_is_replaced_once_for_all(sandbox, settings_file):
    file = settings_file()
    with Hub.open(file) as hub:
        operations.check(OPERATOR, hub)
    sandbox.sandbox.revoke_tokens()
    assert all(together(file, 0.5))
    assert sandbox.sandbox.tokens_minted == 2
    assert 1 <= refused(sandbox) <= 2


def test_a_check_while_another_process_syncs_ends_no_token(sandbox, settings_file):
    file = settings_file()
    with Hub.open(file) as syncing, Hub.open(file) as checking:
        assert [run.outcome for run in operations.sync(OPERATOR, syncing)][:1] == ["done"]
        assert all(line.ok for _, line in operations.check(OPERATOR, checking))
        assert {run.outcome for run in operations.sync(OPERATOR, syncing)} == {"done"}
    assert (sandbox.sandbox.tokens_minted, refused(sandbox)) == (1, 0)


@SQLITE
def test_without_a_key_every_client_mints_its_own_token(sandbox, settings_file):
    file = settings_file(key=False)
    with Hub.open(file) as hub:
        operations.check(OPERATOR, hub)
        operations.check(OPERATOR, hub)
    assert sandbox.sandbox.tokens_minted == 2


@SQLITE
def test_processes_together_keep_the_limit_of_requests(sandbox, settings_file):
    together(settings_file(requests=20), 30.0, stopped_after_s=4)
    assert 10 < len(sandbox.log) <= 20


@SQLITE
def test_no_token_is_in_the_database_a_log_or_an_error(sandbox, settings_file, caplog):
    with Hub.open(settings_file()) as hub:
        operations.check(OPERATOR, hub)
        (token,) = {
            line.request.headers["authorization"].removeprefix("Bearer ")
            for line in sandbox.log
            if line.request.path.startswith("/v3/")
        }
        with hub.database.reading() as transaction:
            rows = transaction.rows("SELECT * FROM vendor_token")
    assert len(rows) == 1
    assert token not in repr(rows)
    assert token not in caplog.text
