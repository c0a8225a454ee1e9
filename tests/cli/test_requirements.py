"""`echo-hub needs`, as people call it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from echo_core.model import Job
from echo_hub.store.bulk import RECORD_COLUMNS, upsert_records
from echo_hub.store.database import open_database
from echo_hub.surfaces.cli import main

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB = "ats:job:1"
TEXT = "What you bring\n- SQL and the instinct of a growth marketer"
Call = Callable[..., Any]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs one command on a company with one job, and answers its JSON where it has any."""
    file = tmp_path / "echo-hub.toml"
    file.write_text('[hub]\ndata_dir = "data"\n', encoding="utf-8")
    database = open_database(None, tmp_path / "data")
    database.migrate()
    with database.writing() as transaction:
        transaction.run("INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('ats', 'jobs', 0, 1)")
        job = Job(source_id="1", title="Helper", description=TEXT)
        values: dict[str, Any] = {
            **{"stream_id": 1, "entity": "job", "source_id": "1", "payload": job.model_dump_json()},
            "payload_version": job.payload_version,
            **{"content_hash": b"-", "first_run": 1, "changed_run": 1, "changed_at": transaction.moment(NOW)},
        }
        upsert_records(transaction, [tuple(values.get(name) for name in RECORD_COLUMNS)])
        transaction.moved()
    database.close()

    def run(*arguments: str, code: int = 0) -> Any:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            returned = main(["--config", str(file), "requirements", *arguments])
        assert returned == code, err.getvalue()
        if code:
            return err.getvalue()
        return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()

    return run


def told(call: Call) -> dict[str, tuple[str, int | None, str]]:
    found = call("list", JOB, "--json")["requirements"]
    return {one["skill_id"]: (one["importance"], one["level"], one["origin"]) for one in found}


def test_a_suggestion_is_listed_with_its_words_confirmed_by_its_id_and_taken_back(call: Call) -> None:
    before = told(call)
    (one, *_) = call("suggest", JOB, "--json")
    assert one["words"] in TEXT
    assert one["skill_id"] in call("suggest", JOB)
    (made,) = call("confirm", JOB, one["skill_id"], "--as", "desired", "--level", "3", "--json")
    assert told(call) == before | {one["skill_id"]: ("desired", 3, "confirmed")}
    assert one["skill_id"] not in {other["skill_id"] for other in call("suggest", JOB, "--json")}
    call("undo", str(made["id"]))
    assert told(call) == before


def test_several_skills_are_rejected_together_by_name_and_listed_as_such(call: Call) -> None:
    made = call("reject", JOB, "SQL", "kubernetes", "--note", "not here", "--json")
    assert told(call) == {}
    assert [one["skill"] for one in call("list", JOB, "--json")["not_asked"]] == ["SQL", "Kubernetes"]
    assert "not asked for" in call("list", JOB)
    history = call("history", JOB, "--json")
    assert [(one["skill"], one["counts"], one["note"]) for one in history] == [
        ("Kubernetes", True, "not here"),
        ("SQL", True, "not here"),
    ]
    call("undo", "--batch", str(made[0]["batch"]))
    assert told(call) == {"starter:sql": ("essential", None, "spotted")}
    assert [one["counts"] for one in call("history", "--json")] == [False, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "ats:job:2"), "There is no listed opportunity 'ats:job:2'"),
        (("confirm", JOB, "Zorbing"), "There is no skill 'Zorbing'"),
        (("confirm", JOB, "SQL", "--as", "vital"), "valid: essential, desired, teaches, not_asked"),
        (("confirm", JOB, "SQL", "--level", "7"), "There is no level 7"),
        (("undo", "77"), "There is no requirement decision 77"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(call: Call, arguments: tuple[str, ...], said: str) -> None:
    assert said in call(*arguments, code=1)
