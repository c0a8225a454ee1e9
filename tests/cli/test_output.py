"""What commands print: neutral whatever a source calls things, and ended in a sentence where nobody takes it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from echo_hub.services.errors import RequestError
from echo_hub.surfaces.cli import app as commands
from echo_hub.surfaces.cli.log_lines import LineFormatter
from echo_hub.surfaces.cli.output import print_json, print_table, say

HOSTILE = "Ada\x1b[2J\u202e\u200b\x9b1m\rEve"
SHOWN = "Ada\ufffd[2J\ufffd1m\ufffdEve"
LISTS = (
    ("runs",),
    ("runs", "--json"),
    ("quarantine",),
    ("holds", "list"),
    ("schedule", "list"),
    ("connections", "list"),
    ("people",),
    ("search", "python"),
    ("skills", "queue", "list"),
    ("skills", "queue", "export"),
    ("receipts", "list"),
    ("mentoring", "list"),
    ("plugins",),
    ("--help",),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("output") / "echo-hub.toml"
    file.write_text("")
    return file


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "echo_hub", *arguments]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_a_full_disk_behind_the_output_is_told_without_a_trace(file, arguments, monkeypatch, capfd):
    # In this process, as a start of Python for each list would take half a minute: the stream is the system's own.
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", full)
        code = commands.run(["--config", str(file), *arguments])
        monkeypatch.undo()
    told = capfd.readouterr().err
    assert (code, "The output could not be written: No space left on device." in told) == (1, True), told
    assert "Traceback" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
def test_python_itself_says_nothing_more_about_a_full_disk(file):
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        ended = subprocess.run(
            command("--config", str(file), "runs"), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (1, "The output could not be written: No space left on device.\n")


def test_a_pipe_that_was_closed_ends_a_command_in_silence(file):
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        command("--config", str(file), "runs"), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


def test_a_file_that_cannot_be_written_is_named(file, run_command):
    told = run_command(file, "skills", "queue", "export", str(file / "x.csv"), code=1).stderr
    assert told == f"Not a directory: {file / 'x.csv'}.\n"


def test_what_the_encoding_cannot_say_is_written_as_an_escape(file):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(
        command("--config", str(file), "search", "Zürich"), env=environment, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.isascii()


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capfd):
    """What a command prints that does this."""

    def run(act) -> tuple[str, str]:
        application = typer.Typer()
        application.command()(act)
        monkeypatch.setattr(commands, "app", application)
        commands.run([])
        return capfd.readouterr()

    return run


def test_a_hostile_name_is_neutral_in_lines_tables_and_notes(printed):
    def act() -> None:
        typer.echo(f"one line: {HOSTILE}")
        print_table(("Name", "Next"), [(HOSTILE, [HOSTILE]), ("שירה", "👩\u200d💻")], empty="")
        say(f"a note: {HOSTILE}")

    out, err = printed(act)
    assert out.splitlines() == [
        f"one line: {SHOWN}".replace("\ufffd[2J", ""),  # click takes whole sequences out itself
        f"{'Name':{len(SHOWN)}}  Next",
        f"{SHOWN}  {SHOWN}",
        out.splitlines()[3],
    ]
    assert "שירה" in out
    assert "👩\u200d💻" in out
    assert err == f"a note: {SHOWN}\n"


def test_a_hostile_name_in_json_keeps_its_meaning_and_steers_nothing(printed):
    out, _ = printed(lambda: print_json({"name": HOSTILE}))
    assert json.loads(out) == {"name": HOSTILE}
    assert not {"\x1b", "\x9b", "\u202e", "\u200b", "\r"} & set(out)


def test_a_hostile_message_of_an_error_is_neutral(printed):
    def act() -> None:
        raise RequestError(f"nobody is called {HOSTILE}")

    assert printed(act)[1] == f"nobody is called {SHOWN}\n"


def test_a_source_writes_no_line_of_its_own_into_the_log():
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "bad %s", (f"{HOSTILE}\nERROR forged",), None)
    assert LineFormatter("%(levelname)s %(message)s").format(record) == f"ERROR bad {SHOWN}\\nERROR forged"
