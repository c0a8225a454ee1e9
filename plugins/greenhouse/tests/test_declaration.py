"""What the connector declares: cheap to import, complete settings, and a README that says the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from echo_core.model import ENTITIES
from echo_hub_greenhouse import CONNECTOR, echo_hub_connectors
from echo_hub_greenhouse.check import NEEDED
from echo_hub_greenhouse.config import GreenhouseConfig
from echo_hub_greenhouse.mapping import EXCLUSIONS
from echo_hub_greenhouse.streams import BOARD, HARVEST

README = Path(__file__).parent.parent / "README.md"


def table(name: str) -> list[list[str]]:
    """The rows of the README table after the comment `<!-- table: name -->`, header left out."""
    after = README.read_text().split(f"<!-- table: {name} -->\n", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in after.splitlines()][2:]


def test_importing_the_plug_in_loads_nothing_heavy() -> None:
    code = "import sys, echo_hub_greenhouse; print([m for m in ('httpx', 'pydantic') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_entry_point_yields_the_connector() -> None:
    assert list(echo_hub_connectors()) == [CONNECTOR]
    assert CONNECTOR.config_model() is GreenhouseConfig


@pytest.mark.parametrize("stream", [*HARVEST, *BOARD], ids=lambda stream: stream.name)
def test_every_field_a_stream_fills_exists_on_its_entity(stream: object) -> None:
    (entity,) = stream.entities
    assert set(stream.fills) <= set(ENTITIES[entity].model_fields)
    assert len(set(stream.fills)) == len(stream.fills)


def test_every_setting_has_a_title_a_description_and_the_secret_is_one() -> None:
    for name, field in GreenhouseConfig.model_fields.items():
        assert field.title, name
        assert field.description, name
    config = GreenhouseConfig(client_id="a", client_secret="do-not-print-me")
    assert isinstance(config.client_secret, SecretStr)
    assert "do-not-print-me" not in repr(config)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "client_id and client_secret"),
        ({"client_id": "a"}, "needs client_secret"),
        ({"source": "job_board"}, "needs board_token"),
        ({"source": "job_board", "board_token": "a/../b"}, "board_token"),
        ({"client_id": "a", "client_secret": "b", "page_size": 501}, "page_size"),
        ({"client_id": "a", "client_secret": "b", "api_key": "c"}, "api_key"),
        ({"client_id": "a", "client_secret": "b", "audience": "everyone"}, "audience"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        GreenhouseConfig.model_validate(values)


def test_base_urls_may_be_written_with_or_without_the_last_slash() -> None:
    config = GreenhouseConfig(client_id="a", client_secret="b", base_url="http://127.0.0.1:1/v3")
    assert config.base_url == "http://127.0.0.1:1/v3/"
    assert CONNECTOR.http_settings(config).base_url == config.base_url


def test_the_readmes_field_table_is_what_the_streams_declare() -> None:
    declared = [
        [f"`{stream.name}`", stream.entities[0], stream.watermark, stream.removal, ", ".join(stream.fills)]
        for stream in (*HARVEST, *BOARD)
    ]
    assert table("fields") == declared


def test_the_readmes_exclusion_table_is_what_the_mapping_enforces() -> None:
    assert table("exclusions") == [[f"`{rule}`", words] for rule, words in EXCLUSIONS.items()]


def test_the_readmes_settings_table_is_the_configuration_model() -> None:
    assert table("settings") == [
        [
            f"`{name}`",
            field.description,
            "" if field.default is None else f"`{field.default}`",
        ]
        for name, field in GreenhouseConfig.model_fields.items()
    ]


def test_the_readme_names_every_scope_the_check_probes() -> None:
    assert set(re.findall(r"harvest:(\w+):list", README.read_text())) == set(NEEDED)
