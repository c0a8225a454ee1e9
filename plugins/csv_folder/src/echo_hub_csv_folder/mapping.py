"""Rows of the people file as people. Pure: the same row and configuration give the same record.

What decides who somebody is or who sees them is strict, and sends the row to quarantine; a country or language nobody
knows is left empty, and `echo-hub connections check` lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeVar

from pydantic import ValidationError

from echo_core.connectors import RecordError
from echo_core.model import Language, Person, Record, SkillClaim
from echo_core.model.skill import Stance
from echo_core.text.countries import country_code
from echo_core.text.language_names import language_code
from echo_hub_csv_folder.config import CsvFolderConfig, PersonStatus, WorkerType
from echo_hub_csv_folder.raw import PersonRow, Row
from echo_hub_csv_folder.values import address, day, key, meaning, with_levels

AnyRow = TypeVar("AnyRow", bound=Row)

_STATUSES: dict[PersonStatus, tuple[str, ...]] = {
    "active": ("active employee", "employed", "current", "aktiv", "beschäftigt", "actif"),
    "on_leave": ("leave", "absent", "beurlaubt", "abwesend", "freigestellt", "congé", "en congé"),
    "future": ("hired", "pending", "künftig", "zukünftig", "à venir"),
    "left": (
        *("inactive", "terminated", "leaver", "former", "inaktiv", "ausgeschieden", "ausgetreten"),
        *("inactif", "parti", "sorti"),
    ),
}
_WORKER_TYPES: dict[WorkerType, tuple[str, ...]] = {
    "employee": (
        *(
            "permanent",
            "regular",
            "fixed term",
            "staff",
            "apprentice",
            "intern",
            "trainee",
            "angestellt",
            "angestellte",
        ),
        *("angestellter", "unbefristet", "befristet", "azubi", "auszubildende", "auszubildender", "praktikant"),
        *("praktikantin", "werkstudent", "werkstudentin", "salarié", "salariée", "cdi", "cdd", "stagiaire", "apprenti"),
    ),
    "contingent": (
        *("contractor", "consultant", "freelancer", "external", "temp", "temporary", "agency", "extern", "externe"),
        *("leiharbeit", "freiberufler", "freiberuflerin", "prestataire", "intérimaire"),
    ),
}


def placed(read: Callable[[AnyRow, CsvFolderConfig], Record]) -> Callable[..., Iterator[Record]]:
    """Makes a mapping of what reads a row: whatever is wrong with the row is told with file and line."""

    @wraps(read)
    def mapped(raw: AnyRow, config: CsvFolderConfig) -> Iterator[Record]:
        try:
            if raw.fault:
                raise RecordError(raw.fault, field="row", value_type="row")
            yield read(raw, config)
        except RecordError as error:
            raise _at(raw, error.message, error.field) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise _at(raw, f"{field}: {first['msg']}.", field) from None

    return mapped


def _at(raw: Row, message: str, field: str) -> RecordError:
    return RecordError(f"{raw.file}, line {raw.line}: {message}", field=field, value_type="str")


@placed
def map_person(raw: PersonRow, config: CsvFolderConfig) -> Person:
    """A row as a person, whose key is the employee id; the manager is named by theirs.

    Raises:
        RecordError: id or name is missing, or a date, status or worker type cannot be read.
    """
    employee_id = key(raw.employee_id, "employee_id")
    name = raw.name or f"{raw.first_name} {raw.last_name}".strip()
    if not name:
        raise RecordError("name is empty, and so are first and last name.", field="name", value_type="str")
    people = config.people
    return Person(
        source_id=employee_id,
        employee_id=employee_id,
        name=" ".join(name.split()),
        work_email=address(raw.email),
        user_name=raw.user_name or None,
        title=raw.title or None,
        org_unit=raw.unit or None,
        org_unit_id=raw.unit_id or None,
        manager_id=raw.manager_id if raw.manager_id not in ("", employee_id) else None,
        country=country_code(raw.country) if raw.country else None,
        city=raw.city or None,
        location=raw.location or None,
        hired_on=day(raw.hired_on, "hired_on", config.date_order),
        worker_type=meaning(
            raw.worker_type, "worker_type", _WORKER_TYPES, people.worker_types, "people.worker_types"
        ) or "employee",
        status=meaning(raw.status, "status", _STATUSES, people.statuses, "people.statuses") or "active",
        languages=_languages(raw.languages, config.separator),
        skills=(
            *_claims(raw.skills, "has", config),
            *_claims(raw.skills_to_learn, "wants_to_learn", config),
            *_claims(raw.skills_to_teach, "teaches", config),
        ),
    )  # fmt: skip


def _claims(cell: str, stance: Stance, config: CsvFolderConfig) -> Iterator[SkillClaim]:
    for label, level, written in with_levels(cell, config.separator):
        # Who wrote the skill into the HR system, the file does not say.
        yield SkillClaim(label=label, stance=stance, level=level, level_raw=written, asserter="vendor")


def _languages(cell: str, separator: str) -> tuple[Language, ...]:
    spoken: dict[str, Language] = {}
    for name, level, _ in with_levels(cell, separator):
        if code := language_code(name):
            spoken.setdefault(code, Language(code=code, level=level))
    return tuple(spoken.values())
