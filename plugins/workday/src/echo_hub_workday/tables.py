"""The tables of the README, made from the code, so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from echo_core.model import Person, SkillAssertion, SkillClaim
from echo_hub_workday.contract import LANGUAGES, SKILLS, WORKERS, Column

_DERIVED = {"source_url": "host, tenant, `profile_url`"}


def contract_table(columns: tuple[Column, ...]) -> str:
    """A report's columns: what the customer builds."""
    rows = (
        (f"`{column.name}`", "yes" if column.required else "", f"`{column.fills}`", column.meaning)
        for column in columns
    )
    return _markdown(("column", "required", "fills", "what it holds"), rows)


def support_table() -> str:
    """Every field of the records this connector yields, and the columns that fill it."""

    def rows() -> Iterator[tuple[str, str, str]]:
        for field in Person.model_fields:
            yield "`person`", f"`{field}`", _filled_by(field, WORKERS + LANGUAGES)
        yield "`skill_assertion`", "`source_id`", "`Workday_ID`, `Source`, `Skill_ID` or `Skill`"
        yield "`skill_assertion`", "`person`", _filled_by("person", SKILLS)
        for field in SkillClaim.model_fields:
            yield "`skill_assertion`", f"`claim.{field}`", _filled_by(f"claim.{field}", SKILLS)
        for field in SkillAssertion.model_fields:
            if field not in ("source_id", "person", "claim"):
                yield "`skill_assertion`", f"`{field}`", "not filled"

    return _markdown(("entity", "field", "filled from"), rows())


def settings_table(model: type[BaseModel]) -> str:
    """Every setting with its default, nested ones by their path; what several reports share stands once."""
    shown: dict[tuple[str, str], str] = {}
    for path, default, meaning in _settings(model, ""):
        shown.setdefault((path.rpartition(".")[2], meaning), f"{path} | {default} | {meaning}")
    return _markdown(("setting", "default", "what it does"), ((row,) for row in shown.values()))


def _settings(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _settings(inner, f"{prefix}{name}.")
            continue
        if info.is_required():
            default = "required"
        else:
            value = info.get_default(call_default_factory=True, validated_data={})
            default = "" if value is None or value in ({}, [], ()) else f"`{str(value).lower()}`"
            default = f"`{value}`" if isinstance(value, str) else default
        yield f"`{prefix}{name}`", default, f"{info.description}".replace("|", "\\|")


def _filled_by(field: str, columns: tuple[Column, ...]) -> str:
    if field in _DERIVED:
        return _DERIVED[field]
    known = {
        "teams": "`Supervisory_Org` of further rows",
        "skills": "arrive as `skill_assertion`",
        "languages": "`Language`, `Ability`, `Proficiency`, `Native`",
        "status": "`Active`, `On_Leave`, `Hire_Date`, `Termination_Date`",
        "claim.scheme": "`workday` where there is an id",
        "claim.stance": "always `has`",
        "claim.level_raw": "`Level`",
        "claim.evidence": "`Source`",
        "time_zone": "`Time_Zone`, else by `City`",
        "source_id": "`Workday_ID`",
    }
    return (
        known.get(field) or ", ".join(f"`{column.name}`" for column in columns if column.fills == field) or "not filled"
    )


def _markdown(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [" | ".join(head), "|".join("---" for _ in head), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" if line[0] != "-" else f"|{line}|" for line in lines)
