"""Raw report rows to the hub's records. Pure: the day of the run is part of the raw record.

Formats are strict (a bad date quarantines the record), vocabularies are not: a country, time zone, language or level
nobody knows is left empty, the vendor's own words stay beside it, and `connections check` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal

from echo_core.connectors.errors import RecordError
from echo_core.model import Excluded, Language, Person, PersonRef, SkillAssertion, SkillClaim
from echo_hub_workday.config import WorkdayConfig
from echo_hub_workday.countries import country_code
from echo_hub_workday.folding import fold
from echo_hub_workday.languages import language_tag, spoken_level
from echo_hub_workday.levels import level_of
from echo_hub_workday.raw import LanguageRow, SkillRaw, WorkerRaw, WorkerRow
from echo_hub_workday.time_zones import time_zone
from echo_hub_workday.values import boolean, day, fraction, identifier, instances, moment, refused, text, work_mail

Asserter = Literal["person", "manager", "vendor", "assessment"]

_EMPLOYEE = frozenset(
    {"employee", "employees", "regular", "permanent", "fixed term", "apprentice", "trainee", "intern"}
)
_CONTINGENT = frozenset({
    "contingent worker", "contingent", "contractor", "independent contractor", "consultant", "freelancer", "vendor",
    "temporary worker", "agency worker", "temp", "external",
})  # fmt: skip


def map_worker(raw: WorkerRaw, config: WorkdayConfig) -> Iterator[Person | Excluded]:
    """One worker as a `Person`, or why not.

    Left out: rule "erased" (no name: Workday purged the person), rule "left_long_ago" (beyond `keep_leavers_days`).

    Raises:
        RecordError: a value that decides who is shown cannot be read for certain.
    """
    rows = _ordered(raw.rows, config)
    main, values = rows[0], config.values
    worker_id = identifier(_first(rows, lambda row: row.worker_id))
    name = text(_first(rows, lambda row: row.preferred_name))
    if name is None:
        yield Excluded(entity="person", source_id=raw.workday_id, rule="erased")
        return
    hired_on = day(_first(rows, lambda row: row.hire_date), "Hire_Date", values.date_order)
    left_on = day(_first(rows, lambda row: row.termination_date), "Termination_Date", values.date_order)
    status = _status(raw, rows, hired_on, left_on)
    if status == "left" and left_on and (_read_on(raw) - left_on).days > config.keep_leavers_days:
        yield Excluded(entity="person", source_id=raw.workday_id, rule="left_long_ago")
        return
    city, unit = text(main.city), text(main.supervisory_org)
    manager = identifier(main.manager_workday_id)
    yield Person(
        source_id=raw.workday_id,
        source_url=config.source_url(raw.workday_id, worker_id),
        updated_at=moment(main.last_functionally_updated),
        name=name[:300],
        worker_type=_worker_type(_first(rows, lambda row: row.worker_type), values.worker_types),
        status=status,
        employee_id=worker_id,
        human_id=identifier(_first(rows, lambda row: row.universal_id)),
        work_email=work_mail(_first(rows, lambda row: row.work_email), values.work_email_domains),
        user_name=text(_first(rows, lambda row: row.user_name)),
        title=text(main.business_title),
        job_profile=text(main.job_profile),
        management_level=text(main.management_level),
        manager_id=manager if manager != raw.workday_id else None,
        is_manager=_any([boolean(row.is_manager, "Is_Manager") for row in rows]),
        org_unit_id=identifier(main.supervisory_org_id),
        org_unit=unit,
        teams=tuple(sorted({team for row in rows[1:] if (team := text(row.supervisory_org)) and team != unit})),
        place_id=identifier(main.location_id),
        location=text(main.location),
        city=city,
        country=country_code(text(main.country_iso2), values.countries),
        time_zone=time_zone(text(main.time_zone), city, values.time_zones),
        fte=fraction(main.fte, "FTE", values.fte),
        hired_on=hired_on,
        in_position_since=day(main.position_start_date, "Position_Start_Date", values.date_order),
        left_on=left_on if status == "left" or (left_on and (hired_on is None or left_on >= hired_on)) else None,
        languages=map_languages(raw.languages, config),
    )


def map_languages(rows: Iterable[LanguageRow], config: WorkdayConfig) -> tuple[Language, ...]:
    """A worker's languages, one each, by tag; names nobody knows are left out.

    Raises:
        RecordError: Native is neither yes nor no.
    """
    separator = config.languages.separators.get("Language")
    native: dict[str, bool] = {}
    abilities: dict[str, list[tuple[str, int | None]]] = {}
    for row in rows:
        level = level_of(text(row.proficiency), config.values.levels)
        for identity, label in instances(row.language, separator):
            if tag := language_tag(label or identity, config.values.languages):
                native[tag] = native.get(tag, False) or boolean(row.native, "Native") is True
                abilities.setdefault(tag, []).append((text(row.ability) or "", level))
    return tuple(Language(code=tag, level=spoken_level(native[tag], abilities[tag])) for tag in sorted(native))


def map_skill(raw: SkillRaw, config: WorkdayConfig) -> Iterator[SkillAssertion]:
    """One skill of one worker. What Workday inferred stays apart from what the worker declared."""
    external_id = raw.skill_id or raw.skill_remote_id
    yield SkillAssertion(
        source_id=skill_key(raw.model_dump(by_alias=True)) or "",
        person=PersonRef(scheme="source", value=raw.workday_id),
        claim=SkillClaim(
            label=raw.skill[:300],
            scheme="workday" if external_id else None,
            external_id=external_id,
            level=level_of(raw.level, config.values.levels),
            level_raw=raw.level,
            asserter=asserter_of(raw.source),
            evidence=raw.source,
        ),
    )


def skill_key(raw: Mapping[str, Any]) -> str | None:
    """The key of a raw skill: worker, who says so, skill. None where there is no worker or no skill."""
    skill = raw.get("Skill_ID") or raw.get("Skill_Remote_ID") or str(raw.get("Skill") or "").casefold()
    if not raw.get("Workday_ID") or not skill:
        return None
    return f"{raw['Workday_ID']}/{asserter_of(raw.get('Source'))}/{skill}"[:500]


def asserter_of(source: str | None) -> Asserter:
    """Who stands behind a skill. A source nobody knows counts as a machine's, which weighs less than a person's."""
    words = set(fold(source or "worker").split())
    if "manager" in words:
        return "manager"
    if words & {"assessment", "assessed", "test", "certification", "certificate", "exam"}:
        return "assessment"
    if words & {"inferred", "suggested", "workday", "cloud", "external", "vendor"}:
        return "vendor"
    return "person" if words & {"worker", "self", "employee", "person", "explicit", "user", "manual"} else "vendor"


def _ordered(rows: tuple[WorkerRow, ...], config: WorkdayConfig) -> list[WorkerRow]:
    """A worker's rows with the main position first: most hours, then longest held, then by id of the organisation.

    Reports have no order, so the order of arrival must not decide: the record would change from run to run.
    """
    if len(rows) == 1:
        return list(rows)

    def rank(row: WorkerRow) -> tuple[float, date, str, str]:
        share = fraction(row.fte, "FTE", config.values.fte) or 0.0
        since = day(row.position_start_date, "Position_Start_Date", config.values.date_order) or date.max
        return (-share, since, identifier(row.supervisory_org_id) or "", row.model_dump_json())

    return sorted(rows, key=rank)


def _first(rows: list[WorkerRow], value: Callable[[WorkerRow], Any]) -> Any:
    """What belongs to the worker and not to a position: the first row that has it."""
    return next((first_value for row in rows if (first_value := value(row)) not in (None, "", [])), None)


def _status(
    raw: WorkerRaw, rows: list[WorkerRow], hired_on: date | None, left_on: date | None
) -> Literal["active", "on_leave", "future", "left"]:
    """Where the worker stands. Workday's Active flag decides; old termination dates survive a rehire and do not.

    The tenant's day may be a day behind ours, so a hire date of today is still a future hire when Active says no.
    """
    active = _any([is_active(row.active) for row in rows])
    if active is None:
        raise RecordError(
            "Active is empty, so nobody can say whether this person still works here.",
            field="Active",
            value_type="None",
        )
    if active:
        return "on_leave" if _any([boolean(row.on_leave, "On_Leave") for row in rows]) else "active"
    if hired_on and hired_on >= _read_on(raw) - timedelta(days=1) and (left_on is None or left_on < hired_on):
        return "future"
    return "left"


def _read_on(raw: WorkerRaw) -> date:
    if raw.read_on is None:
        raise RecordError("The day of the run is missing from the record.", field="Read_On", value_type="None")
    return raw.read_on


def is_active(value: Any) -> bool | None:
    """Workday's Active column: yes or no, or "Active", "Terminated", "Inactive"; None when empty.

    Raises:
        RecordError: any other text.
    """
    word = fold(text(value) or "")
    if word in ("active", "terminated", "inactive"):
        return word == "active"
    return boolean(value, "Active")


def _any(answers: list[bool | None]) -> bool | None:
    known = [answer for answer in answers if answer is not None]
    return any(known) if known else None


def _worker_type(value: Any, own: Mapping[str, Literal["employee", "contingent"]]) -> Literal["employee", "contingent"]:
    word = fold(text(value) or "")
    if word in own:
        return own[word]
    if word in _EMPLOYEE:
        return "employee"
    if word in _CONTINGENT:
        return "contingent"
    raise refused(
        "Worker_Type",
        value,
        "Worker_Type is neither employee nor contingent. Add the company's word to values.worker_types.",
    )
