"""What the connectors do not declare never reaches the database file: looked for byte by byte in the real payloads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.real_input

ORDINARY = {"TRUE", "FALSE", "True", "Yes", "None", "null", "Regular", "California", "United States of America"}
"""Words that say nothing about anybody, or that job posts use too."""


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def telling(values: Iterator[str], kept: str) -> set[str]:
    """Values long enough to be recognised that do not also stand in a value the connector may keep."""
    return {value for value in values if len(value) >= 4 and value not in ORDINARY and value not in kept}


def present(stored: bytes, values: set[str]) -> set[str]:
    """Which values stand in the database, as UTF-8 or as JSON writes them, as whole words."""

    def holds(form: bytes) -> bool:
        return form in stored and re.search(rb"(?<!\w)" + re.escape(form) + rb"(?!\w)", stored) is not None

    return {value for value in values if any(map(holds, {value.encode(), json.dumps(value)[1:-1].encode()}))}


@pytest.mark.parametrize(
    ("name", "connection", "by_name"),
    [
        (
            "mozilla",
            "workday",
            {"SF-1337", "1337 - Food Integrity", "dnoble@mozilla.com", "Joan Crawford", "jcrawford@mozilla.com"},
        ),
        ("flags", "workday-flags", {"1 Example Way", "person@home.example", "95054", "Top Manager", "120100"}),
    ],
)
def test_undeclared_columns_of_a_recorded_people_report_are_not_in_the_database(
    world: Any, payload: Any, name: str, connection: str, by_name: set[str]
) -> None:
    report = world.hub.settings.connection(connection).config.workers
    mapped = {report.alias(column.name) for column in report.contract}
    rows = payload(f"fixtures/workday/raas/report_people_{name}.json")["Report_Entry"]
    kept = json.dumps([{key: value for key, value in row.items() if key in mapped} for row in rows])
    undeclared = [value for row in rows for key, value in row.items() if key not in mapped]
    wanted = telling(texts_in(undeclared), kept)
    assert by_name <= wanted
    assert present(world.bytes_before_taxonomy, wanted) == set()


def test_the_search_itself_finds_what_is_there(world: Any) -> None:
    """Without this, an empty file would pass: names and titles that must be stored are found by the same means."""
    there = {
        "Noble Donna",
        "Sr Staff Security Engineer",
        "rsample@corp.example",
        "SmarterDx",
        "ポジティブ リーダーシップによる影響力",
    }
    assert present(world.bytes_before_taxonomy, there) == there


def test_the_row_in_quarantine_kept_no_undeclared_column_either(world: Any) -> None:
    with world.hub.database.reading() as transaction:
        ((payload,),) = transaction.rows("SELECT payload FROM quarantine")
    assert "Robin Sample" in payload
    assert not any(secret in payload for secret in ("Example Way", "home.example", "95054", "Top Manager"))


def test_addresses_and_employers_of_learners_are_not_in_the_database(world: Any, payload: Any) -> None:
    rows = payload("fixtures/lxp/percipio/learning_activity_report.json")
    kept = json.dumps([[row["userId"], row["contentTitle"]] for row in rows])
    hidden = ("emailAddress", "customAttribute3")  # the last is the publisher's stand-in for an employer
    wanted = telling((row[key] for row in rows for key in hidden if key in row), kept)
    assert len(wanted) > 400
    assert present(world.bytes_before_taxonomy, wanted) == set()


def test_people_whose_every_statement_was_left_out_are_not_in_the_database(world: Any, shared: Any) -> None:
    lines = shared("fixtures/lxp/xapi/fun_mooc_statements.jsonl").read_text(encoding="utf-8").splitlines()
    statements = [json.loads(line) for line in lines]
    completed = {one["actor"]["account"]["name"] for one in statements if one["verb"]["id"].endswith("/completed")}
    others = {one["actor"]["account"]["name"] for one in statements} - completed
    assert len(others) > 100
    assert present(world.bytes_before_taxonomy, others) == set()
    assert present(world.bytes_before_taxonomy, completed) == completed


def test_notes_custom_fields_and_hiring_teams_of_jobs_are_not_in_the_database(world: Any, payload: Any) -> None:
    (job,) = payload("fixtures/greenhouse/vendor-docs-v1/harvest/jobs__get_list_jobs.json")
    private = {
        "Resistance to electro-magnetic radiation",
        "Kaylee Prime",
        "Stegosaurus Heels",
        "$81.5k",
        "Maximum Budget",
    }
    assert all(text in json.dumps(job) for text in private)
    assert present(world.bytes_before_taxonomy, private) == set()


def test_launch_links_and_pictures_of_learning_content_are_not_in_the_database(world: Any, payload: Any) -> None:
    items = payload("fixtures/lxp/percipio/catalog_content.json")
    pictures = {str(item[key]) for item in items for key in ("imageUrl", "alternateImageUrl") if item.get(key)}
    assert pictures
    assert present(world.bytes_before_taxonomy, pictures) == set()


def test_no_secret_is_in_the_database(world: Any) -> None:
    secrets = {
        "sandbox-isu-password",
        "invented-greenhouse-secret",
        "sandbox-percipio-token",
        "invented-backstage-token",
    }
    assert present(world.bytes_before_taxonomy, secrets) == set()
    assert present(world.file.read_bytes(), secrets) == set()
