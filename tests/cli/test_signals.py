"""What a service manager sends: SIGTERM ends a command as Ctrl-C does, with runs closed and nothing held."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import SandboxServer
from echo_hub.demonstration import settings_text
from echo_hub.jobs import list_schedules, set_schedule
from echo_hub.store import leases
from echo_hub.store.database import Database, open_database
from echo_hub.store.runs import list_runs
from echo_hub.store.task_list import list_tasks
from echo_hub_greenhouse.sandbox import GreenhouseSandbox

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Silent(SandboxServer):
    """A vendor that takes requests for data and does not answer them."""

    def __init__(self) -> None:
        company = build_company(people=20, jobs=5, projects=5, paths=5, mentoring=5)
        super().__init__(GreenhouseSandbox.from_company(company))
        self.met = threading.Event()
        handle = self.sandbox.handle

        def wait(request: Any) -> Any:
            if "token" not in request.path:
                self.met.set()
                self.stopping.wait(60)
            return handle(request)

        self.sandbox.handle = wait  # type: ignore[method-assign]


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    with Silent() as server:
        for name, value in server.connection.secrets.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "echo-hub.toml").write_text(settings_text([server.connection]), encoding="utf-8")
        yield server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command in a process of its own."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "echo_hub", "--config", str(tmp_path / "echo-hub.toml"), *arguments]
        environment = {**os.environ, "COLUMNS": "200"}
        begun.append(
            subprocess.Popen(
                command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return begun[-1]

    yield start
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Opens the database that the commands use."""
    opened: list[Database] = []

    def open_it() -> Database:
        database = open_database(None, tmp_path / "data")
        database.migrate()
        opened.append(database)
        return database

    yield open_it
    for database in opened:
        database.close()


def test_sigterm_stops_a_sync_as_ctrl_c_does(vendor: Silent, start: Any, stored: Any) -> None:
    process = start("sync")
    assert vendor.met.wait(60)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Stopped. Run it again to go on from there." in errors
    assert "Traceback" not in errors
    database = stored()
    assert {run.outcome for run in list_runs(database, None, limit=10)} == {"stopped"}
    assert leases.holders(database, datetime.now(UTC)) == {}


def test_sigterm_ends_a_server_that_syncs_and_leaves_the_run_due(vendor: Silent, start: Any, stored: Any) -> None:
    database = stored()
    set_schedule(database, "greenhouse", now=LONG_AGO, every="1d")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start("serve", "--port", str(port))
    assert vendor.met.wait(60)
    _answers(port)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - began < 30
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert "Traceback" not in errors
    assert {run.outcome for run in list_runs(database, None, limit=10)} == {"stopped"}
    assert leases.holders(database, datetime.now(UTC)) == {}
    (schedule,) = list_schedules(database)
    assert schedule.next_run_at == LONG_AGO + timedelta(days=1)
    (task,) = list_tasks(database)
    assert (task.state, task.attempts, task.lease_owner) == ("waiting", 0, None)


def test_sigterm_ends_a_worker_after_its_page_and_gives_its_task_back(vendor: Silent, start: Any, stored: Any) -> None:
    database = stored()
    set_schedule(database, "greenhouse", now=LONG_AGO, every="1d")
    process = start("worker")
    assert vendor.met.wait(60)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "task 1, sync greenhouse 2026-01-02T00:00:00Z: attempt 1 begins" in errors
    assert "given back" in errors
    assert "Traceback" not in errors
    assert {run.outcome for run in list_runs(database, None, limit=10)} == {"stopped"}
    (task,) = list_tasks(database)
    assert (task.state, task.attempts, task.lease_owner) == ("waiting", 0, None)


def _answers(port: int) -> None:
    """Returns once the server answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/static/icon.svg", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not come up")
