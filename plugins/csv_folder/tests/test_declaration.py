"""The declaration is cheap, names things that exist, and says what the code does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import echo_hub_csv_folder
from echo_core.connectors.declaration import NO_HOST
from echo_core.model import ENTITIES
from echo_hub_csv_folder import CONNECTOR
from echo_hub_csv_folder.columns import OPPORTUNITIES, PEOPLE
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.raw import OpportunityRow, PersonRow, Row

CONFIG = CsvFolderConfig(folder=Path("/srv/hr"))


def test_exports_the_declaration_and_the_hook():
    assert sorted(echo_hub_csv_folder.__all__) == ["CONNECTOR", "echo_hub_connectors"]
    assert list(echo_hub_csv_folder.echo_hub_connectors()) == [CONNECTOR]


def test_importing_the_declaration_imports_nothing_heavy():
    heavy = "httpx pydantic babel echo_hub_csv_folder.streams"
    code = f"import sys, echo_hub_csv_folder\nprint([name for name in {heavy.split()!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_connector_of_files_asks_no_host():
    assert CONNECTOR.config_model() is CsvFolderConfig
    assert CONNECTOR.http_settings(CONFIG).base_url == NO_HOST


def test_each_file_is_a_guarded_snapshot_that_fills_fields_which_exist():
    people, opportunities = CONNECTOR.streams_for(CONFIG)
    assert (people.name, opportunities.name) == ("people", "opportunities")
    for stream in (people, opportunities):
        assert (stream.removal, stream.watermark) == ("snapshot", "none")
        assert stream.max_removal_ratio <= 0.1
        assert stream.fills
        for entity in stream.entities:
            assert set(stream.fills) <= ENTITIES[entity].model_fields.keys()


def test_a_file_without_a_name_is_not_read():
    config = CsvFolderConfig.model_validate({"folder": "/srv/hr", "opportunities": {"file": ""}})
    assert [stream.name for stream in CONNECTOR.streams_for(config)] == ["people"]


def test_every_column_is_a_field_of_its_row_and_no_header_means_two_columns():
    for columns, model in ((PEOPLE, PersonRow), (OPPORTUNITIES, OpportunityRow)):
        assert {column.name for column in columns} == model.model_fields.keys() - Row.model_fields.keys()
        headers = [header for column in columns for header in column.known]
        assert sorted(headers) == sorted(set(headers))


def test_every_setting_has_a_title_and_a_description():
    def bare(model: type[BaseModel]) -> list[str]:
        names = [name for name, field in model.model_fields.items() if not (field.title and field.description)]
        inner = [field.annotation for field in model.model_fields.values()]
        return names + [
            name for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel) for name in bare(kind)
        ]

    assert bare(CsvFolderConfig) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"folder": "export"}, "absolute path"),
        ({"code_page": "windows-klingon"}, "no encoding"),
        ({"people": {"file": "../people.csv"}}, "without a path"),
        ({"people": {"columns": {"salary": "Gehalt"}}}, "there is no column salary; valid: employee_id"),
        ({"people": {"file": ""}, "opportunities": {"file": ""}}, "nothing to read"),
        ({"people": {"statuses": {"ruhend": "asleep"}}}, "on_leave"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_with_a_reason(settings, told):
    with pytest.raises(ValidationError, match=told):
        CsvFolderConfig.model_validate({"folder": "/srv/hr", **settings})
