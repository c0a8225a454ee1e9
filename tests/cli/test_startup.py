"""The command line answers at once: what it does not need it does not import."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "sqlmodel", "sqlalchemy", "alembic", "apscheduler", "fastapi", "starlette", "uvicorn", "jinja2", "numpy", "scipy",
    "pydantic", "httpx", "rich", "tenacity", "babel", "authlib", "joserfc", "httpx2", "cryptography",
)  # fmt: skip
PROBE = """
import sys
from echo_hub.surfaces.cli import main
code = main({arguments!r})
import json
print(json.dumps([code, sorted(name for name in {heavy!r} if name in sys.modules)]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--no-plugins", "plugins"], ["plugins"], ["plugins", "--json"], ["schedule", "--help"]],
)
def test_help_and_plugins_import_nothing_heavy(arguments: list[str]) -> None:
    code = PROBE.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stderr.splitlines()[-1]) == [0, []]
    assert done.stdout


def test_plugins_lists_the_five_connectors_with_all_their_facts() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "echo_hub", "plugins", "--json"], capture_output=True, text=True, check=True
    )
    found = {plugin["name"]: plugin for plugin in json.loads(done.stdout)}
    assert {"csv_folder", "greenhouse", "lxp", "skill_exchange", "workday"} <= found.keys()
    for plugin in found.values():
        assert {"name", "distribution", "version", "api", "hooks", "state", "error"} <= plugin.keys()
    assert found["workday"]["distribution"] == "echo-hub-workday"
    assert found["workday"]["state"] == "loaded"


BROKEN = """
import sys
from importlib.metadata import EntryPoint
from types import ModuleType

from echo_core.connectors import Connector, hookimpl, loader
from echo_hub.surfaces.cli import main

acme = ModuleType("acme")
acme.echo_hub_connectors = hookimpl(
    lambda: [Connector("acme", "Acme", "", "acme:Config", "acme:http", "acme:streams")], specname="echo_hub_connectors"
)
sys.modules["acme"] = acme
loader.importlib.metadata.entry_points = lambda group: [EntryPoint("acme", "acme", group)]
sys.exit(main({arguments!r}))
"""


@pytest.mark.parametrize(
    ("arguments", "code", "state"),
    [(["plugins", "--json"], 0, "loaded"), (["plugins", "--check", "--json"], 1, "failed")],
)
def test_only_a_check_says_which_code_cannot_be_imported(arguments: list[str], code: int, state: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", BROKEN.format(arguments=arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    (acme,) = json.loads(done.stdout)
    assert acme["state"] == state
    assert ("its config 'acme:Config'" in acme["error"]) == (state == "failed")


def test_a_command_that_opens_the_hub_imports_no_http_client() -> None:
    heavy = ("httpx", "httpx2", "smtplib", "standardwebhooks")
    code = f"import sys, echo_hub.application; print(sorted({{*{heavy!r}}} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_safe_mode_loads_none() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "echo_hub", "--no-plugins", "plugins", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {plugin["state"] for plugin in json.loads(done.stdout)} == {"disabled"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "No such command"),
        (["demo", "--json"], "--json goes with --once"),
        (["sync", "--config"], "config"),
        (["--config", "/nowhere/echo-hub.toml", "sync"], "not found"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_no_trace(arguments: list[str], told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "echo_hub", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode in {1, 2}
    assert told in done.stderr
    assert "Traceback" not in done.stderr
