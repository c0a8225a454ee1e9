"""The README says what the code does, and its examples work."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from echo_core.connectors import Stream
from echo_core.text.table_reader import read_table
from echo_hub_csv_folder.columns import OPPORTUNITIES, PEOPLE, Column, headers_of
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.streams import COLUMNS, streams

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PAGES = README + (Path(__file__).parents[3] / "docs" / "csv-files.md").read_text(encoding="utf-8")
CONFIG = CsvFolderConfig(folder=Path("/srv/hr"))


def table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def columns(columns: tuple[Column, ...]) -> str:
    rows = ((f"`{column.name}`", column.meaning, ", ".join(column.headers)) for column in columns)
    return table(("Column", "Holds", "Other headers"), rows)


def fields(chosen: tuple[Stream, ...]) -> str:
    rows = (
        (stream.name, ", ".join(stream.entities), ", ".join(f"`{name}`" for name in stream.fills)) for stream in chosen
    )
    return table(("Stream", "Yields", "Fields"), rows)


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{prefix}{name}.")
            continue
        default = field.get_default(call_default_factory=True)
        shown = "required" if default is PydanticUndefined else f"`{default}`" if default else ""
        yield f"`{prefix}{name}`", shown, field.description or ""


BLOCKS = {
    "people": columns(PEOPLE),
    "opportunities": columns(OPPORTUNITIES),
    "fields": fields(streams(CONFIG)),
    "settings": table(("Setting", "Default", "Meaning"), settings(CsvFolderConfig)),
}


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_a_table_of_the_readme_equals_the_code(name: str) -> None:
    block = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", README, re.DOTALL)
    assert block is not None
    assert block[1] == BLOCKS[name]


def test_the_settings_of_the_pages_are_valid() -> None:
    examples = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGES, re.DOTALL)]
    assert len(examples) == 3
    for example in examples:
        connection = example["connections"]["hr-files"]
        assert connection["connector"] == "csv_folder"
        assert CsvFolderConfig.model_validate(connection["config"]).folder == Path("/srv/echo-hub/hr-export")


def test_every_row_of_the_files_of_the_pages_can_be_read() -> None:
    files = re.findall(r"```csv\n(.*?)```", PAGES, re.DOTALL)
    for text, stream in zip(files, streams(CONFIG) * 2, strict=True):
        read = read_table(io.BytesIO(text.encode()))
        headers = headers_of(read, COLUMNS[stream.name], {})
        assert len(headers) == len(read.columns)
        for row in read.rows():
            cells = {name: row.cells[header] for name, header in headers.items()}
            raw = stream.raw.model_validate({"file": "x", "line": row.line, "fault": row.fault, **cells})
            assert list(stream.map(raw, CONFIG))
