"""What a connection to a folder needs to know: where it is, which files, how the company writes its values."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from echo_core.text.normal_form import comparable
from echo_core.text.table_reader import CODE_PAGE
from echo_hub_csv_folder.columns import OPPORTUNITIES, PEOPLE, Column

Kind = Literal["job", "project", "mentorship", "learning_path"]
PersonStatus = Literal["active", "on_leave", "future", "left"]
OpportunityStatus = Literal["open", "paused", "filled", "closed"]
WorkerType = Literal["employee", "contingent"]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("file", check_fields=False)
    @classmethod
    def _bare_name(cls, name: str) -> str:
        if "/" in name or "\\" in name:
            raise ValueError("must be the name of a file in the folder, without a path")
        return name.strip()

    @field_validator("statuses", "kinds", "worker_types", mode="after", check_fields=False)
    @classmethod
    def _spelling(cls, words: dict[str, str]) -> dict[str, str]:
        return {comparable(word): meaning for word, meaning in words.items()}


def _known(own: dict[str, str], columns: tuple[Column, ...]) -> dict[str, str]:
    names = [column.name for column in columns]
    if unknown := sorted(own.keys() - set(names)):
        raise ValueError(f"there is no column {', '.join(unknown)}; valid: {', '.join(names)}")
    return own


class PeopleFile(_File):
    """The file with one row per person."""

    file: str = Field(
        "people.csv",
        title="File",
        description="Name in the folder, upper or lower case; with * or ? the newest file that fits is read. Empty: "
        "no people are read.",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        title="Columns",
        description='Own headers by column, e.g. { employee_id = "Stammnummer" }.',
    )
    statuses: dict[str, PersonStatus] = Field(
        default_factory=dict,
        title="Words for status",
        description='Own words to active, on_leave, future or left, e.g. { "ruhend" = "on_leave" }.',
    )
    worker_types: dict[str, WorkerType] = Field(
        default_factory=dict,
        title="Words for worker types",
        description='Own words to employee or contingent, e.g. { "AT" = "employee" }.',
    )

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, own: dict[str, str]) -> dict[str, str]:
        return _known(own, PEOPLE)


class OpportunitiesFile(_File):
    """The file with one row per job, project, mentor's offer or learning path."""

    file: str = Field("opportunities.csv", title="File", description="As for people; empty: none are read.")
    columns: dict[str, str] = Field(
        default_factory=dict, title="Columns", description='Own headers by column, e.g. { title = "Ausschreibung" }.'
    )
    kind: Kind = Field("project", title="Kind", description="What a row is that does not say it.")
    kinds: dict[str, Kind] = Field(
        default_factory=dict,
        title="Words for kinds",
        description='Own words to job, project, mentorship or learning_path, e.g. { "Rotation" = "project" }.',
    )
    statuses: dict[str, OpportunityStatus] = Field(
        default_factory=dict,
        title="Words for status",
        description='Own words to open, paused, filled or closed, e.g. { "live" = "open" }.',
    )

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, own: dict[str, str]) -> dict[str, str]:
        return _known(own, OPPORTUNITIES)


class CsvFolderConfig(BaseModel):
    """One folder with a people file, an opportunities file, or both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path = Field(
        ...,
        title="Folder",
        description="Absolute path of the folder, which the hub's user may read, e.g. /srv/hr-export.",
    )
    people: PeopleFile = Field(default_factory=PeopleFile, title="People", description="The people file.")
    opportunities: OpportunitiesFile = Field(
        default_factory=OpportunitiesFile, title="Opportunities", description="The opportunities file."
    )
    code_page: str = Field(
        CODE_PAGE,
        title="Code page",
        description="How a file is written that is neither UTF-8 nor UTF-16: cp1250 for Polish or Czech, cp1251 for "
        "Cyrillic, mac_roman for old Macs.",
    )
    date_order: Literal["day_first", "month_first"] | None = Field(
        None,
        title="Order of dates",
        description="How to read 10/05/2026. Without it a date that could be read two ways is refused, not guessed.",
    )
    separator: str = Field(
        "",
        title="Separator in cells",
        description="What parts several skills in a cell. Empty: bars, semicolons and line ends, and commas in a cell "
        "that has none of these.",
    )
    short_rows: bool = Field(
        False,
        title="Short rows",
        description="Rows may end early, because the export leaves out empty cells at the end. Without it only as "
        "Excel does; any other short row is taken for one that was torn apart.",
    )
    settle_s: float = Field(
        5.0,
        ge=0,
        le=600,
        title="Settling time (seconds)",
        description="A file that changed less than so long ago is looked at again after as long, and read when it "
        "has stayed the same.",
    )
    max_mb: int = Field(250, gt=0, le=4000, title="Largest file (MB)", description="A larger one is refused.")

    @field_validator("folder")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        if not folder.is_absolute():
            raise ValueError("must be an absolute path, because the hub may be started anywhere")
        return folder

    @field_validator("code_page")
    @classmethod
    def _encoding(cls, name: str) -> str:
        try:
            codecs.lookup(name)
        except LookupError:
            raise ValueError("is no encoding that Python knows, such as cp1250") from None
        return name

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.people.file and not self.opportunities.file:
            raise ValueError("people.file and opportunities.file are both empty: there is nothing to read")
        return self
