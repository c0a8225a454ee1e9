"""`echo-hub skills queue` and `echo-hub corrections`, as people call them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from echo_core.model import Person, SkillClaim
from echo_hub.store.bulk import RECORD_COLUMNS, upsert_records
from echo_hub.store.database import open_database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLAIMS = {
    "1": ("Flux Capacitors", "Pythonn programing", "Python"),
    "2": ("flux capacitors", "=HYPERLINK()"),
    "3": ("Team Rocket",),
}
Call = Callable[..., Any]


@pytest.fixture
def call(tmp_path: Path, sqlite_template: Path, run_command: Callable[..., Any]) -> Call:
    """Runs one command on a company of three, and answers its JSON where it has any."""
    file = tmp_path / "echo-hub.toml"
    file.write_text('[hub]\ndata_dir = "data"\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data")
    database = open_database(None, tmp_path / "data")
    with database.writing() as transaction:
        transaction.run("INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('hr', 'all', 0, 1)")
        rows = []
        for number, labels in CLAIMS.items():
            skills = tuple(SkillClaim(label=label, level=4) for label in labels)
            person = Person(source_id=number, name=f"Person {number}", employee_id=f"E{number}", skills=skills)
            values: dict[str, Any] = {
                **{"stream_id": 1, "entity": "person", "source_id": number, "payload": person.model_dump_json()},
                "payload_version": person.payload_version,
                **{"content_hash": b"-", "first_run": 1, "changed_run": 1, "changed_at": transaction.moment(NOW)},
            }
            rows.append(tuple(values.get(name) for name in RECORD_COLUMNS))
        upsert_records(transaction, rows)
        transaction.moved()
    database.close()

    def run(*arguments: str, code: int = 0) -> Any:
        answer = run_command(file, *arguments, code=code)
        if code:
            return answer.stderr
        return json.loads(answer.stdout) if "--json" in arguments else answer.stdout

    return run


def waiting(call: Call) -> dict[str, Any]:
    return {one["name"]: one for one in call("skills", "queue", "--json")}


def skills_of(call: Call, person: str) -> dict[str, int | None]:
    (found,) = call("people", person, "--json")
    return {one["skill_id"] or one["skill"]: one["level"] for one in found["skills"]}


def test_the_queue_says_who_uses_a_name_and_what_it_might_mean(call: Call) -> None:
    found = waiting(call)
    assert {"Flux Capacitors", "Team Rocket", "=HYPERLINK()"} <= found.keys()
    flux = found["Flux Capacitors"]
    assert (flux["people"], flux["opportunities"], flux["connections"]) == (2, 0, ["hr"])
    assert flux["records"] == ["hr:person:1", "hr:person:2"]
    assert found == {one["name"]: one for one in call("skills", "queue", "list", "--json")}
    assert flux["id"] in call("skills", "queue")


def test_map_create_and_reject_by_name_or_id_and_undo(call: Call) -> None:
    flux = waiting(call)["Flux Capacitors"]
    (mapped,) = call("skills", "queue", "map", "FLUX capacitors", "starter:apache-kafka", "--note", "really", "--json")
    assert (mapped["action"], mapped["skill_id"], mapped["note"]) == ("map", "starter:apache-kafka", "really")
    call("skills", "queue", "create", "Team Rocket", "--label", "Rocketry", "--broader", "starter:python")
    assert "Flux Capacitors" not in waiting(call)
    assert skills_of(call, "E3") == {"local:rocketry": 4}
    assert "Rocketry" in call("skills", "link", "rocketry")
    (again,) = call("skills", "queue", "reject", flux["id"], "--json")
    assert "starter:apache-kafka" not in skills_of(call, "E2")
    call("skills", "queue", "undo", str(again["id"]))
    assert "starter:apache-kafka" in skills_of(call, "E2")
    call("skills", "queue", "undo", "--batch", str(mapped["batch"]))
    assert waiting(call)["Flux Capacitors"] == flux
    history = call("skills", "queue", "history", "flux capacitors", "--json")
    assert [(one["action"], one["counts"]) for one in history] == [("reject", False), ("map", False)]


def test_a_dry_run_stores_nothing(call: Call) -> None:
    before = waiting(call)
    (wanted,) = call("skills", "queue", "map", "Team Rocket", "starter:apache-kafka", "--dry-run", "--json")
    assert wanted["skill_id"] == "starter:apache-kafka"
    call("skills", "queue", "accept", "--min-confidence", "0", "--dry-run")
    assert waiting(call) == before
    assert call("skills", "queue", "history", "--json") == []


def test_all_that_are_sure_enough_are_accepted_together_and_undone_together(call: Call) -> None:
    before = waiting(call)
    least = max(one["candidates"][0]["confidence"] for one in before.values() if one["candidates"])
    made = call("skills", "queue", "accept", "--min-confidence", str(least), "--json")
    assert {one["name"] for one in made} == before.keys() - waiting(call).keys()
    assert made[0]["skill_id"] == before[made[0]["name"]]["candidates"][0]["skill_id"]
    call("skills", "queue", "undo", "--batch", str(made[0]["batch"]))
    assert waiting(call) == before


def test_a_table_goes_out_and_comes_back_and_again_changes_nothing(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "queue.csv"
    call("skills", "queue", "export", str(table))
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    formula = next(row for row in rows if "HYPERLINK" in row["name"])
    assert formula["name"] == "'=HYPERLINK()"
    formula["decision"] = "reject"
    rocket = next(row for row in rows if row["name"] == "Team Rocket")
    rocket |= {"decision": "Create", "skill": "Rocketry", "note": "ours"}
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert len(call("skills", "queue", "apply", str(table), "--dry-run", "--json")) == 2
    made = call("skills", "queue", "apply", str(table), "--json")
    assert [(one["name"], one["action"]) for one in made if one["action"] == "reject"] == [("=HYPERLINK()", "reject")]
    assert not {"=HYPERLINK()", "Team Rocket"} & waiting(call).keys()
    assert call("skills", "queue", "apply", str(table), "--json") == []


def test_a_table_comes_back_as_excel_saves_it_in_france(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "queue.csv"
    table.write_bytes("name;decision;note;;\r\nTeam Rocket;reject;déjà vu;;\r\n".encode("cp1252"))
    (made,) = call("skills", "queue", "apply", str(table), "--json")
    assert (made["name"], made["note"]) == ("Team Rocket", "déjà vu")
    call("skills", "queue", "undo", str(made["id"]))
    table.write_bytes(b"name;decision\r\nTeam;Rocket;reject\r\n")
    assert "line 2: It has 3 cells" in call("skills", "queue", "apply", str(table), code=1)
    table.write_bytes(b'name;decision\r\n"Team Rocket;reject\r\n')
    assert "never closed" in call("skills", "queue", "apply", str(table), code=1)


def test_a_table_with_one_wrong_line_is_not_applied_at_all(call: Call, tmp_path: Path) -> None:
    table = tmp_path / "queue.csv"
    table.write_text("name,decision,skill\nTeam Rocket,reject,\nFlux Capacitors,map,no such skill\n", encoding="utf-8")
    said = call("skills", "queue", "apply", str(table), code=1)
    assert "Nothing was applied" in said
    assert "line 3: There is no skill 'no such skill'" in said
    assert "Team Rocket" in waiting(call)
    table.write_text("label,decision\nx,reject\n", encoding="utf-8")
    assert "no column name" in call("skills", "queue", "apply", str(table), code=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("accept", "Python"), "does not wait in the queue"),
        (("map", "Team Rocket", "starter:nothing"), "There is no skill 'starter:nothing'"),
        (("create", "Team Rocket", "--label", "Python"), "There is a skill 'Python' already"),
        (("reject", "0123456789ab"), "No name in the queue has the id"),
        (("undo", "77"), "There is no name decision 77"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(call: Call, arguments: tuple[str, ...], said: str) -> None:
    assert said in call("skills", "queue", *arguments, code=1)


def test_a_person_says_not_me_corrects_a_level_and_takes_it_back(call: Call) -> None:
    before = call("people", "E1", "--json")
    call("corrections", "not-me", "E1", "python")
    assert "starter:python" not in skills_of(call, "E1")
    (said,) = call("corrections", "list", "E1", "--json")
    assert [claim["record"] for claim in said["claims"]] == ["hr:person:1"] * 2
    call("corrections", "undo", str(said["id"]))
    assert call("people", "E1", "--json") == before
    call("corrections", "level", "E1", "Python", "2")
    (found,) = call("people", "E1", "--json")
    told = [
        (one["level"], one["source"], one["overruled"])
        for one in found["skills"]
        if one["skill_id"] == "starter:python"
    ]
    assert told == [(4, "hr", True), (4, "hr", True), (2, "echo-hub", False)]
    assert "level 2" in call("corrections", "list", "E1")
    assert "Nobody says" in call("corrections", "not-me", "E1", "starter:apache-kafka", code=1)
    assert "There is no level 9" in call("corrections", "level", "E1", "Python", "9", code=1)
