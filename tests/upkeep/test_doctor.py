"""The doctor finds the likeliest mistakes of a set-up, says how to mend each, and repeats no secret."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from echo_hub.store import network_drive as drives
from echo_hub.store.database import open_database
from echo_hub.store.tasks import claim_task, enqueue, fail_task
from echo_hub.upkeep.doctor import Finding, examine

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BACKSTAGE = '[connections.portal]\nconnector = "skill_exchange"\n[connections.portal.config]\n'


@pytest.fixture
def found(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Finding]]:
    """Examines a settings file of this text over a migrated database, and answers the findings by code."""
    monkeypatch.delenv("ECHO_HUB_DATABASE_URL", raising=False)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "echo-hub.db").write_bytes(sqlite_template.read_bytes())

    def look(text: str = "", **options: Any) -> dict[str, Finding]:
        file = tmp_path / "echo-hub.toml"
        file.write_text(text if "[hub]" in text else f'[hub]\ndata_dir = "data"\n{text}', encoding="utf-8")
        findings = examine(file, now=lambda: NOW, **options)
        assert all(
            each.what.endswith((".", ")")) or each.code.startswith(("settings", "secret", "plugin"))
            for each in findings
        )
        assert all(each.where and each.mend for each in findings)
        return {each.code: each for each in findings}

    return look


def change(tmp_path: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Writes to the database as it is."""
    with sqlite3.connect(tmp_path / "data" / "echo-hub.db") as plain:
        for sql, parameters in statements:
            plain.execute(sql, parameters)
    plain.close()


def test_a_fresh_set_up_lacks_a_taxonomy_and_nothing_else(found: Any) -> None:
    assert {code: each.level for code, each in found().items()} == {"taxonomy.missing": "advice"}


def test_a_missing_file_and_one_that_is_no_toml_are_told_apart(found: Any, tmp_path: Path) -> None:
    assert [each.code for each in examine(tmp_path / "nowhere.toml")] == ["settings.missing"]
    assert set(found("[hub]\nx =")) == {"settings.unreadable"}


def test_a_file_that_may_not_be_read_says_who_must(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found()

    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (only,) = examine(tmp_path / "echo-hub.toml")
    assert only.code == "settings.unreadable"
    assert "chmod 640" in only.mend


def test_a_reference_that_leads_nowhere_is_a_missing_secret(found: Any) -> None:
    assert "NOT_SET_ANYWHERE" in found(BACKSTAGE + 'token = "env:NOT_SET_ANYWHERE"')["secret.missing"].what
    assert "secret.missing" in found('[serve]\nmetrics_token = "env:NOT_SET_ANYWHERE"')


def test_a_secret_written_out_is_never_repeated(found: Any) -> None:
    findings = found(BACKSTAGE + 'token = "hunter2-hunter2"')
    assert "settings.wrong" in findings
    assert "hunter2" not in str(findings)


def test_a_connector_that_is_not_installed_is_named(found: Any) -> None:
    assert "connections.hr.connector" in found('[connections.hr]\nconnector = "nowhere"')["plugin.missing"].where


def test_a_wrong_setting_is_named_and_the_rest_is_still_looked_at(found: Any) -> None:
    findings = found('[connections.hr]\nconnector = "nowhere"\n')
    assert {"plugin.missing", "taxonomy.missing"} <= findings.keys()


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX knows them")
def test_a_folder_that_cannot_be_written_is_found(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "chown" in found()["folder.not_writable"].mend


def test_a_database_on_a_network_drive_is_found_and_not_opened(
    found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"20 1 0:20 / {tmp_path} rw - nfs4 source rw\n")
    monkeypatch.setattr(drives.network_drive, "__kwdefaults__", {"mounts": table})
    assert "nfs4" in found()["database.network_drive"].what


def test_a_database_out_of_reach_is_found_and_its_password_is_not_said(
    found: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("ECHO_HUB_DATABASE_URL", f"postgresql://me:hunter2@127.0.0.1:{port}/echo")
    findings = found()
    assert findings["database.unreachable"].where == "postgresql 127.0.0.1/echo"
    assert "hunter2" not in str(findings)


def test_an_address_the_hub_cannot_use_is_found(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO_HUB_DATABASE_URL", "mysql://me:hunter2@db/echo")
    findings = found()
    assert "does not run on" in findings["database.unusable"].what
    assert "hunter2" not in str(findings)


@pytest.mark.parametrize(
    ("version", "code", "level"), [("0009", "database.behind", "advice"), ("9999", "database.newer", "wrong")]
)
def test_a_database_of_another_release_is_found(
    found: Any, tmp_path: Path, version: str, code: str, level: str
) -> None:
    change(tmp_path, ("UPDATE alembic_version SET version_num = ?", (version,)))
    assert found()[code].level == level


def test_looking_creates_nothing(found: Any, tmp_path: Path) -> None:
    assert "database.empty" in found('[hub]\ndata_dir = "elsewhere"\n')
    assert not (tmp_path / "elsewhere").exists()


def test_tasks_that_nobody_works_on_and_dead_letters_are_found(found: Any, tmp_path: Path) -> None:
    found()
    database = open_database(None, tmp_path / "data")
    with database.writing() as transaction:
        enqueue(transaction, "mail", "a", requested_by="operator", not_before=NOW - timedelta(minutes=9))
    assert {"task.waiting", "task.failed"}.isdisjoint(found())
    with database.writing() as transaction:
        enqueue(transaction, "mail", "b", requested_by="operator", not_before=NOW - timedelta(minutes=11))
        enqueue(transaction, "other", "c", requested_by="operator", not_before=NOW, most_attempts=1)
    task = claim_task(database, ["other"], "worker", timedelta(minutes=2), clock=lambda _: NOW)
    assert task is not None
    with database.writing() as transaction:
        fail_task(transaction, task, "mail.away", "No answer.", again_in=None)
    database.close()
    findings = found()
    assert "since 2026-05-01 11:49 UTC" in findings["task.waiting"].what
    assert findings["task.failed"].what == "Tasks that failed for good: 1."


def test_schedules_that_lead_nowhere_are_found(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_TOKEN", "invented-token")
    text = BACKSTAGE + 'base_url = "https://portal.example"\ntoken = "env:PORTAL_TOKEN"\n'
    insert = "INSERT INTO schedule (connection, interval_s, time_zone, paused) VALUES (?, 3600, ?, 0)"
    change(tmp_path, (insert, ("gone", "UTC")), (insert, ("portal", "Europe/Atlantis")))
    findings = found(text)
    assert "gone" in findings["schedule.orphan"].where
    assert "portal" in findings["schedule.time_zone"].where


def test_a_hub_open_to_the_network_without_sign_in_is_found(found: Any) -> None:
    assert "sign_in.open" in found(host="0.0.0.0")  # noqa: S104 -- what the doctor must find
    assert "sign_in.open" in found('[serve]\nbase_path = "/echo"\n')
    assert "sign_in.open" not in found()


def test_sign_in_that_makes_nobody_an_operator_is_advice(found: Any) -> None:
    text = (
        '[sign_in]\nmethod = "proxy"\npublic_url = "https://echo.example"\nheader = "X-User"\nproxies = ["10.0.0.1"]\n'
    )
    assert found(text, host="10.0.0.5")["sign_in.nobody_operates"].level == "advice"


def test_processes_that_would_log_each_other_out_are_advice(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENHOUSE_SECRET", "invented-greenhouse-secret")
    monkeypatch.setenv("TOKEN_KEY", "aW52ZW50ZWQtaW52ZW50ZWQtaW52ZW50ZWQtaW52ZW4=")
    board = '[connections.board]\nconnector = "greenhouse"\n[connections.board.config]\n'
    board += 'source = "job_board"\nboard_token = "us"\n'
    assert "vendor_tokens.not_shared" not in found(board)
    harvest = '[connections.ats]\nconnector = "greenhouse"\n[connections.ats.config]\n'
    harvest += 'client_id = "hub"\nclient_secret = "env:GREENHOUSE_SECRET"\n'
    finding = found(board + harvest)["vendor_tokens.not_shared"]
    assert (finding.level, "(ats)" in finding.what) == ("advice", True)
    shared = '[vendor_tokens]\nkey = "env:TOKEN_KEY"\n'
    assert "vendor_tokens.not_shared" not in found(harvest + shared)
    no_key = found(harvest + shared.replace("TOKEN_KEY", "GREENHOUSE_SECRET"))["secret.missing"].what
    assert "must lead to 32 bytes in Base64" in no_key
    assert "invented" not in no_key


def test_a_package_that_the_settings_ask_for_is_found(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("echo_hub.upkeep.doctor.installation.find_spec", lambda _: None)
    assert "wordllama" in found('[matching]\nvectors = "wordllama"\n')["extra.missing"].what
    assert "train" in found('[matching]\nvectors = "own"\n')["vectors.untrained"].mend


@pytest.fixture
def clock_server() -> Iterator[Callable[[timedelta], str]]:
    """A host whose clock differs from the examiner's by so much."""
    servers: list[HTTPServer] = []

    def start(off: timedelta) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.send_response_only(404)
                self.send_header("Date", (NOW + off).strftime("%a, %d %b %Y %H:%M:%S GMT"))
                self.end_headers()

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Settings with one connection at an address."""
    monkeypatch.setenv("PORTAL_TOKEN", "invented-token")
    return lambda url: BACKSTAGE + f'base_url = "{url}"\ntoken = "env:PORTAL_TOKEN"\n'


@pytest.mark.parametrize(("off", "wrong"), [(5, False), (-45, False), (90, True), (-3_600, True)])
def test_a_clock_that_is_off_is_found(found: Any, clock_server: Any, portal: Any, off: int, wrong: bool) -> None:
    findings = found(portal(clock_server(timedelta(seconds=off))), online=True)
    assert ("clock.skew" in findings) is wrong
    assert not wrong or f"{abs(off)} seconds {'behind' if off > 0 else 'ahead'}" in findings["clock.skew"].what


def test_a_host_where_nobody_answers_or_without_an_address_is_found(found: Any, portal: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "host.refused" in found(portal(f"http://127.0.0.1:{port}"), online=True)
    assert "host.unknown" in found(portal("https://nobody.invalid"), online=True)
    assert not {"host.refused", "host.unknown"} & found(portal("https://nobody.invalid")).keys()


def test_a_connector_that_reads_no_network_has_no_host_to_ask(found: Any, tmp_path: Path) -> None:
    files = f'[connections.hr]\nconnector = "csv_folder"\n[connections.hr.config]\nfolder = "{tmp_path}"\n'
    assert not [code for code in found(files, online=True) if code.startswith(("host.", "plugin."))]


def test_the_command_tells_each_finding_and_its_exit_code_says_whether_something_is_wrong(
    found: Any, run_command: Callable[..., Any], tmp_path: Path
) -> None:
    found()
    said = run_command(tmp_path / "echo-hub.toml", "doctor")
    assert "advice: " in said.stdout
    assert "[taxonomy.missing]" in said.stdout
    found('[connections.hr]\nconnector = "nowhere"\n')
    listed = json.loads(run_command(tmp_path / "echo-hub.toml", "doctor", "--json", code=1).stdout)
    assert {"level", "code", "where", "what", "mend"} == listed[0].keys()
