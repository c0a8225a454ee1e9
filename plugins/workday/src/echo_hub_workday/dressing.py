"""A fictional company dressed as Workday would report it, with the quirks of real reports.

Empty values are absent; yes and no are spelled three ways, by column; texts carry HTML entities; time zones are
Workday's descriptors; some workers occupy two rows, far apart; skills come flat or as a sub-group, by worker.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from echo_core.testing.company import Colleague, Company
from echo_hub_workday.languages import language_name

Row = dict[str, Any]

LEVEL_WORDS = ("Beginner", "Working Knowledge", "Proficient", "Advanced", "Expert")
MANAGEMENT_LEVELS = ("Individual Contributor", "Senior Contributor", "Manager", "Director", "Vice President")
MANAGER_ALIAS = "Worker_s_Manager_-_Workday_ID"
"""What this company's report calls Manager_Workday_ID, so that a connection to it needs a column mapping."""

_ZONE_NAMES = {
    "America/Los_Angeles": "Pacific Time",
    "America/Mexico_City": "Central Standard Time",
    "America/New_York": "Eastern Time",
    "America/Toronto": "Eastern Time",
    "America/Sao_Paulo": "Brasilia Time",
    "Asia/Kolkata": "India Standard Time",
    "Asia/Singapore": "Singapore Standard Time",
    "Asia/Tokyo": "Japan Standard Time",
    "Europe/Dublin": "Greenwich Mean Time",
    "Europe/Lisbon": "Western European Time",
    "Europe/London": "Greenwich Mean Time",
}


def wid(kind: str, key: str) -> str:
    """An invented Workday ID: 32 hexadecimal digits, always the same for the same object."""
    return blake2b(f"{kind} {key}".encode(), digest_size=16).hexdigest()


def worker_rows(company: Company) -> list[Row]:
    """The people report: one row per worker and position, further positions at the end."""
    wids = {person.number: person.wid for person in company.people}
    first = [_worker(company, person, wids) for person in company.people]
    second = [
        _second_position(company, row, index)
        for index, (person, row) in enumerate(zip(company.people, first, strict=True))
        if index % 40 == 7 and person.status == "active"
    ]
    return first + second


def skill_rows(company: Company) -> list[Row]:
    """The skills report: one row per skill, or for every fifth worker one row with a sub-group."""
    return [row for index, person in enumerate(company.people) for row in _skills(person, index)]


def language_rows(company: Company) -> list[Row]:
    """The languages report: speaking for every language, reading too where it is the stronger ability."""
    return [
        row
        for person in company.people
        for name, level in person.languages
        for row in _language(person, language_name(name), level, native=level == 5)
    ]


def time_zone_descriptor(zone: str, year: int) -> str:
    """Workday's text for a time zone: standard offset, name, city in brackets."""
    winter = min(_offset(zone, year, 1), _offset(zone, year, 7))
    sign, minutes = ("-" if winter < timedelta(0) else "+"), abs(int(winter.total_seconds())) // 60
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"GMT{sign}{minutes // 60:02d}:{minutes % 60:02d} {_ZONE_NAMES.get(zone, _plain_name(zone))} ({city})"


def _plain_name(zone: str) -> str:
    return "Central European Time" if zone.startswith("Europe/") else "Local Time"


def _offset(zone: str, year: int, month: int) -> timedelta:
    return datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta(0)


def _worker(company: Company, person: Colleague, wids: dict[str, str]) -> Row:
    site, unit = company.site(person.site), company.unit(person.unit)
    row: Row = {
        "Workday_ID": person.wid,
        "Universal_ID": person.human,
        "Worker_ID": person.number,
        "Worker_Type": "Employee" if person.worker_type == "employee" else "Contingent Worker",
        "Active": "1" if person.status in ("active", "on_leave") else "0",
        "On_Leave": "Y" if person.status == "on_leave" else "N",
        "Preferred_Name": html.escape(person.name),
        "Work_Email": person.email,
        "User_Name": person.login,
        "Business_Title": html.escape(person.title),
        "Job_Profile": html.escape(person.profile),
        "Management_Level": MANAGEMENT_LEVELS[max(1, min(5, person.grade)) - 1],
        "Supervisory_Org_ID": f"SUPERVISORY_{person.unit}",
        "Supervisory_Org": html.escape(unit.name),
        MANAGER_ALIAS: wids.get(person.manager or ""),
        "Is_Manager": "TRUE" if person.is_manager else "FALSE",
        "Location_ID": f"LOC-{site.key}",
        "Location": html.escape(site.name),
        "City": site.city,
        "Country_ISO2": site.country,
        "Time_Zone": time_zone_descriptor(site.time_zone, company.today.year),
        "FTE": f"{person.fte * 100:g}",
        "Hire_Date": person.hired_on.isoformat(),
        "Termination_Date": person.left_on.isoformat() if person.left_on else None,
        "Position_Start_Date": f"{person.hired_on.isoformat()}-08:00",
        "Last_Functionally_Updated": f"{(person.left_on or person.hired_on).isoformat()}T07:00:00.000-08:00",
    }
    return {key: value for key, value in row.items() if value is not None}


def _second_position(company: Company, row: Row, index: int) -> Row:
    """The same worker's row for an additional job of a tenth of full time in another organisation."""
    unit = company.units[index % len(company.units)]
    return {
        **row,
        "Business_Title": "Working Group Member",
        "Supervisory_Org_ID": f"SUPERVISORY_{unit.key}",
        "Supervisory_Org": html.escape(unit.name),
        "FTE": "10",
    }


def _skills(person: Colleague, index: int) -> Iterator[Row]:
    if person.status in ("left", "future") or not person.skills:
        return
    rows = [
        {
            "Skill_ID": f"SKILL-{wid('skill', name)[:8]}",
            "Skill": html.escape(name),
            "Source": "Worker",
            "Level": LEVEL_WORDS[level - 1],
        }
        for name, level in person.skills
    ]
    if index % 5 == 3:
        yield {"Workday_ID": person.wid, "Skills_group": rows}
    else:
        yield from ({"Workday_ID": person.wid, **row} for row in rows)
    if index % 9 == 2:
        # What Workday's own inference adds has no level, and here repeats a skill the worker declared too.
        inferred = {key: value for key, value in rows[0].items() if key != "Level"}
        yield {"Workday_ID": person.wid, **inferred, "Source": "Inferred by Skills Cloud"}


def _language(person: Colleague, name: str, level: int, *, native: bool) -> Iterator[Row]:
    row = {"Workday_ID": person.wid, "Language": name, "Native": "Yes" if native else "No"}
    yield {**row, "Ability": "Speaking", "Proficiency": LEVEL_WORDS[level - 1]}
    if not native:
        yield {**row, "Ability": "Reading", "Proficiency": LEVEL_WORDS[min(5, level + 1) - 1]}
