"""The reports of a connection: what they are called, what their columns are called, how they are sliced."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator

from echo_hub_workday.contract import LANGUAGES, SKILLS, WORKERS, Column, names

_PRIVATE_MAIL = ("home", "personal", "private")
_NO_CONSTANT = frozenset(
    {"Workday_ID", "Worker_ID", "Universal_ID", "Work_Email", "User_Name", "Preferred_Name", "Manager_Workday_ID"}
)

_SEGMENT = r"^[^\s/?#%\\]*[^\s/?#%\\.][^\s/?#%\\]*$"

PathSegment = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_SEGMENT, max_length=200)]
"""A name that becomes one piece of an address, so not "..": Workday writes blanks in report names as underscores."""


class Report(BaseModel):
    """One custom report: its name, how its columns are called, and how it is sliced."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    contract: ClassVar[tuple[Column, ...]] = ()
    _aliases: tuple[tuple[str, str], ...] | None = PrivateAttr(None)

    report: PathSegment = Field(
        ...,
        title="Report name",
        description="The report's name as in its web service address, blanks written as underscores.",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        title="Column names",
        description="Contract column to the report's own alias where they differ, "
        'e.g. { Worker_ID = "EmployeeID", Work_Email = "PrimaryWorkEmail" }. One alias may serve several columns.',
    )
    constants: dict[str, str] = Field(
        default_factory=dict,
        title="Fixed values",
        description="Values for contract columns the report does not have because it is filtered to one value, "
        'e.g. { Active = "1" }.',
    )
    separators: dict[str, str] = Field(
        default_factory=dict,
        title="Separators",
        description='Where a column holds several values in one text: its separator, e.g. { Skill = ";" }.',
    )
    slices: list[dict[str, str]] = Field(
        default_factory=list,
        title="Slices",
        description="For reports too large for one run: sets of prompt values, read one after the other and put "
        'together, e.g. [{ "Country!WID" = "…" }, …]. One failed slice fails the whole snapshot.',
    )

    @model_validator(mode="after")
    def _columns_of_the_contract(self) -> Self:
        known = names(self.contract)
        for setting in ("columns", "constants", "separators"):
            table: dict[str, str] = getattr(self, setting)
            if unknown := sorted(set(table) - set(known)):
                raise ValueError(f"{setting}: no such column {', '.join(unknown)}; choose from {', '.join(known)}")
            if empty := sorted(column for column, value in table.items() if value == ""):
                raise ValueError(f"{setting}: {', '.join(empty)} is empty; remove it or give it a value")
        if fixed := sorted(set(self.constants) & _NO_CONSTANT):
            raise ValueError(f"constants: {', '.join(fixed)} differs from worker to worker, a fixed value is wrong")
        alias = self.alias("Work_Email")
        if any(word in alias.lower() for word in _PRIVATE_MAIL):
            raise ValueError(
                f"columns: Work_Email is taken from {alias}, which looks like a private address or falls back to one; "
                "private addresses are never read, choose the work address alone"
            )
        if any("format" in prompts for prompts in self.slices):
            raise ValueError("slices: format is not a prompt; the connector always asks for JSON")
        return self

    def alias(self, column: str) -> str:
        """What the report calls a contract column."""
        return self.columns.get(column, column)

    def aliases(self) -> tuple[tuple[str, str], ...]:
        """Every contract column with what the report calls it."""
        if self._aliases is None:
            self._aliases = tuple((name, self.alias(name)) for name in names(self.contract))
        return self._aliases

    def prompts(self) -> list[dict[str, str]]:
        """The sets of prompt values to run the report with, one without any when there are no slices."""
        return [dict(prompts) for prompts in self.slices] or [{}]


class WorkersReport(Report):
    """The people report."""

    contract: ClassVar[tuple[Column, ...]] = WORKERS

    report: PathSegment = Field("Echo_Workers", title="Report name", description="The people report's name.")


class SkillsReport(Report):
    """The skills report."""

    contract: ClassVar[tuple[Column, ...]] = SKILLS

    enabled: bool = Field(True, title="Read it", description="Whether skills are read at all.")
    report: PathSegment = Field("Echo_Worker_Skills", title="Report name", description="The skills report's name.")


class LanguagesReport(Report):
    """The languages report."""

    contract: ClassVar[tuple[Column, ...]] = LANGUAGES

    enabled: bool = Field(
        False,
        title="Read it",
        description="Whether languages are read. They are part of the person, so once this is on, a failing "
        "languages report fails the people too: otherwise everybody would seem to forget their languages.",
    )
    report: PathSegment = Field(
        "Echo_Worker_Languages", title="Report name", description="The languages report's name."
    )
