"""The allow-list: what the connector never takes, whatever a report sends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from echo_core.model import Person
from echo_hub_workday import raw as raw_models
from echo_hub_workday.contract import LANGUAGES, NOT_READ, SKILLS, WORKERS, names

Connect = Callable[..., Any]
Row = Callable[..., dict[str, Any]]

_ORDINARY = {"0", "1", "true", "Basic", "Work", "WORK", "Assigned", "Worker", "Example", "Landline"}
"""Values of the fixture that say nothing about anybody, or are part of the name it is allowed to keep."""


def _personal_values(path: Path) -> dict[str, str]:
    """Every text and attribute of the vendor's personal-data answer as report columns, named by element."""
    root = ElementTree.parse(path).getroot()  # noqa: S314 -- the same
    columns: dict[str, str] = {}
    for number, element in enumerate(root.iter()):
        name = element.tag.rpartition("}")[2]
        for text in (element.text or "", *element.attrib.values()):
            if text.strip() and text.strip() not in _ORDINARY:
                columns[f"{name}_{number}_{len(columns)}"] = text.strip()
    return columns


@pytest.mark.real_input
def test_no_value_of_the_vendor_s_personal_data_gets_past_the_reader(
    shared: Callable[[str], Path], tenant: Connect, row: Row, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    columns = _personal_values(shared("fixtures/workday/soap/get_workers_v25_personal_data.xml"))
    assert len(columns) > 80
    assert {"1960-01-01-07:00", "Married (United States of America)", "000-00-0000 (USA-SSN)"} <= set(columns.values())
    whole = row(**columns)
    whole["Personal_group"] = [dict(columns), {f"More_{name}": value for name, value in columns.items()}]
    run = tenant([whole, row(Workday_ID="b" * 32, Hire_Date="04/05/2022", **columns)]).run()
    assert len(run.records) == 1
    assert len(run.quarantined) == 1
    kept = json.dumps(run.raws) + "".join(record.model_dump_json() for record in run.records)
    said = " ".join(str(error) for error in run.quarantined) + caplog.text
    leaked = [value for value in set(columns.values()) if _holds(kept, value) or _holds(said, value)]
    assert leaked == []


def test_the_raw_models_keep_exactly_the_columns_of_the_contract() -> None:
    def aliases(model: Any) -> set[str]:
        return {info.alias for info in model.model_fields.values()}

    assert aliases(raw_models.WorkerRow) | {"Workday_ID"} == set(names(WORKERS))
    assert aliases(raw_models.LanguageRow) | {"Workday_ID"} == set(names(LANGUAGES))
    assert aliases(raw_models.SkillRaw) == set(names(SKILLS))
    assert not set(NOT_READ) & set(names(WORKERS))


def test_a_column_outside_the_contract_is_dropped_even_from_quarantine(tenant: Connect, row: Row) -> None:
    run = tenant([row(Active="perhaps", Salary="123456", Home_Phone="+1 555 0100")]).run()
    assert len(run.quarantined) == 1
    assert set(run.raws[0]["rows"][0]) == set(row())
    assert "123456" not in json.dumps(run.raws)


def test_a_private_address_is_never_taken(tenant: Connect, row: Row) -> None:
    rows = [
        row(Workday_ID="w1", **{"Email_-_Primary_Home": "ada@home.example"}),
        row(Workday_ID="w2", Work_Email=[{"Email": "ada@home.example", "Usage": "HOME"}]),
        row(Workday_ID="w3", Work_Email="ada@home.example"),
        row(Workday_ID="w4", Work_Email="ada@acme.example"),
    ]
    run = tenant(rows, values={"work_email_domains": ["acme.example"]}).run()
    assert [person.work_email for person in run.records] == [None, None, None, "ada@acme.example"]


def test_a_person_has_no_field_for_what_must_not_be_kept() -> None:
    forbidden = re.compile(
        r"birth|gender|ethnic|relig|disab|marital|national|salary|pay|photo|home|phone|leave_", re.IGNORECASE
    )
    assert [name for name in Person.model_fields if forbidden.search(name)] == []


def _holds(text: str, value: str) -> bool:
    """Whether a value stands in a text as a whole word; "1" inside "31337" is not a leak."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None
