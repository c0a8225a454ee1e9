"""A company whose sources call people, openings and skills whatever they like: nothing of it steers who reads it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import unicodedata
from contextlib import closing

import pytest

from echo_hub.application import Hub

HOSTILE = "\u202egpj\u2066.\x9b2J\u200b"
GOOD = "שירה محمد 👩\u200d💻"
CONTENT = ("name", "title", "label", "description", "location", "org_unit", "provider", "summary")
LEFT = {"\n", "\t", "\u200d", "\u200c"}


def spoil(value, key=""):
    """The same record with something hostile in every text that people are shown."""
    if isinstance(value, dict):
        return {name: spoil(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [spoil(inner, key) for inner in value]
    return f"=1+1 {value}{HOSTILE}{GOOD}" if key in CONTENT and isinstance(value, str) and value else value


@pytest.fixture(scope="module")
def company(new_demo):
    """The demo company, its stored texts made hostile after the sync; its file and one person's number."""
    demo = new_demo()
    with closing(sqlite3.connect(demo.file.parent / "data" / "echo-hub.db")) as database:
        rows = database.execute("SELECT id, payload FROM record WHERE payload IS NOT NULL").fetchall()
        spoilt = [(json.dumps(spoil(json.loads(payload))), id_) for id_, payload in rows]
        database.executemany("UPDATE record SET payload = ? WHERE id = ?", spoilt)
        database.execute("UPDATE run SET error_message = ?, error_code = 'x.y'", (f"bad {HOSTILE}\nworse",))
        database.execute("UPDATE quarantine SET source_key = ?, message = ?", (HOSTILE, HOSTILE))
        database.execute("UPDATE revision SET value = value + 1")
        database.commit()
    return demo


@pytest.fixture(scope="module")
def hub(company):
    with Hub.open(company.file) as hub:
        yield hub


@pytest.fixture(scope="module")
def client(hub, browse):
    return browse(hub)


def steering(text):
    """Characters that steer or hide. A joiner may be what spells a word."""
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")} - LEFT


@pytest.fixture(scope="module")
def addresses(hub, company):
    person = hub.snapshot().people[0].id
    one = {}
    for listing in hub.snapshot().listings:
        one.setdefault(listing.kind, listing.id)
    pages = ["/explore", "/explore?q=python", "/people", "/people?q=%D7%A9", "/connections", "/receipts", "/mentoring"]
    pages += ["/skills/queue", f"/for-you?person={company.number}", f"/profile?person={company.number}", "/sign-in"]
    pages += [
        f"/for-you?person={HOSTILE}",
        f"/opportunities/{HOSTILE}",
        f"/explore?q={HOSTILE}",
        f"/receipts?person={person}",
    ]
    for id_ in one.values():
        pages += [f"/{page}/{id_}" for page in ("opportunities", "candidates", "also-eligible", "requirements")]
        pages.append(f"/opportunities/{id_}?person={company.number}")
    return pages


@pytest.mark.thorough
def test_no_page_holds_a_character_that_steers_and_good_names_are_whole(client, addresses):
    whole = 0
    for path in addresses:
        page = client.get(path)
        assert page.status_code in (200, 303, 403, 404, 409), path
        # A hidden field gives an id back as it is; nobody sees it.
        assert steering(re.sub(r'<input type="hidden"[^>]*>', "", page.text)) == set(), path
        whole += GOOD in page.text
    assert whole > 10


COMMANDS = (
    ("runs",),
    ("quarantine",),
    ("connections", "list"),
    ("people", "--limit", "500"),
    ("search",),
    ("search", HOSTILE),
    ("match", "NUMBER"),
    ("skills", "queue", "list"),
    ("skills", "queue", "export"),
    ("corrections", "list", "NUMBER"),
    ("roles", "NUMBER"),
    ("candidates", "OPPORTUNITY"),
    ("explain", "NUMBER", "OPPORTUNITY"),
    ("requirements", "list", "OPPORTUNITY"),
    ("match", HOSTILE),
    ("explain", "NUMBER", HOSTILE),
)


@pytest.mark.parametrize(
    "arguments",
    [*COMMANDS, *((*one, "--json") for one in COMMANDS if one[-1] != "export")],
    ids=lambda words: " ".join(map(ascii, words)),
)
def test_no_command_prints_a_character_that_steers(company, hub, run_command, arguments):
    opportunity = next(one.id for one in hub.snapshot().listings if one.kind == "job")
    named = {"NUMBER": company.number, "OPPORTUNITY": opportunity}
    words = [named.get(word, word) for word in arguments]
    code = 1 if HOSTILE in arguments and arguments[0] != "search" else 0
    answer = run_command(company.file, *words, code=code)
    assert steering(answer.stdout + answer.stderr) == set()
    assert answer.stdout or code


def test_a_table_of_the_queue_has_no_formula_and_no_character_that_steers(company, run_command, tmp_path):
    run_command(company.file, "skills", "queue", "export", str(tmp_path / "queue.csv"))
    text = (tmp_path / "queue.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows
    assert steering(text) - {"\r"} == set()
    assert not [cell for row in rows for cell in row.values() if re.match(r"[=+\-@\t]", cell)]
    assert any(row["name"].startswith("'=1+1 ") for row in rows)


def test_a_name_of_a_hostile_queue_can_be_decided_by_its_table(company, run_command, tmp_path):
    file = tmp_path / "queue.csv"
    run_command(company.file, "skills", "queue", "export", str(file))
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    rows[0]["decision"] = "reject"
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, rows[0].keys())
        table.writeheader()
        table.writerows(rows[:1])
    run_command(company.file, "skills", "queue", "apply", str(file))
    run_command(company.file, "skills", "queue", "export", str(file))
    assert rows[0]["item"] not in file.read_text(encoding="utf-8")
