"""The column contract: which report columns the connector reads, and what each fills. Nothing else is ever kept.

A customer builds reports with these columns, or maps their own labels onto these names in the settings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report.

    Args:
        name: our name for it, the alias a customer gives the column in Workday.
        fills: the record's field, or where it goes.
        meaning: one line for the person who builds the report.
        required: the report must have it; a report without it is refused as a whole.
    """

    name: str
    fills: str
    meaning: str
    required: bool = False


WORKERS = (
    Column("Workday_ID", "source_id", "Workday ID (WID) of the worker", required=True),
    Column("Universal_ID", "human_id", "Universal ID of the human behind one or more workers"),
    Column("Worker_ID", "employee_id", "Employee ID or Contingent Worker ID, digits or letters", required=True),
    Column("Worker_Type", "worker_type", "Employee or Contingent Worker", required=True),
    Column("Active", "status", "Active status, yes or no", required=True),
    Column("On_Leave", "status", "On leave, yes or no; never the type or reason of the leave"),
    Column("Preferred_Name", "name", "Preferred name in general display format", required=True),
    Column("Work_Email", "work_email", "Primary WORK e-mail address; never the home address or a fallback to it"),
    Column("User_Name", "user_name", "Workday user name, for matching log-ins"),
    Column("Business_Title", "title", "Business title"),
    Column("Job_Profile", "job_profile", "Name of the job profile"),
    Column("Management_Level", "management_level", "Management level"),
    Column("Supervisory_Org_ID", "org_unit_id", "Reference ID of the supervisory organisation", required=True),
    Column("Supervisory_Org", "org_unit", "Name of the supervisory organisation; on further rows: `teams`"),
    Column("Manager_Workday_ID", "manager_id", "Workday ID of the worker's manager"),
    Column("Is_Manager", "is_manager", "Whether the worker manages people, yes or no"),
    Column("Location_ID", "place_id", "Reference ID of the location"),
    Column("Location", "location", "Name of the location"),
    Column("City", "city", "City of the location; also finds the time zone when its own column names no city"),
    Column("Country_ISO2", "country", "Country of the location: ISO 3166 code (two or three letters, number) or name"),
    Column("Time_Zone", "time_zone", "Time zone, an IANA name or Workday's text with the city in brackets"),
    Column("FTE", "fte", "Full-time equivalent, a fraction (0.8) or a percentage (80)"),
    Column("Hire_Date", "hired_on", "Hire date; a future one marks a future hire", required=True),
    Column("Termination_Date", "left_on", "Termination date"),
    Column("Position_Start_Date", "in_position_since", "Start date in the present position"),
    Column("Last_Functionally_Updated", "updated_at", "Moment of the last functional change, with time zone"),
)
"""`Echo_Workers`: one row per worker and position, active, left within the last 400 days, and future hires."""

SKILLS = (
    Column("Workday_ID", "person", "Workday ID (WID) of the worker", required=True),
    Column("Skill_ID", "claim.external_id", "Reference ID of the skill in this tenant"),
    Column("Skill_Remote_ID", "claim.external_id", "Skills Cloud ID; used where Skill_ID is empty"),
    Column("Skill", "claim.label", "Name of the skill", required=True),
    Column("Source", "claim.asserter", "Who says so: the worker, a manager, Workday itself, an assessment"),
    Column("Level", "claim.level", "Proficiency, a word or 1 to 5; the original stays in `level_raw`"),
)
"""`Echo_Worker_Skills`: one row per worker and skill, or one per worker with a multi-instance column."""

LANGUAGES = (
    Column("Workday_ID", "source_id", "Workday ID (WID) of the worker", required=True),
    Column("Language", "languages.code", "Name of the language", required=True),
    Column("Ability", "languages.level", "Kind of ability: speaking, reading, writing, overall"),
    Column("Proficiency", "languages.level", "Proficiency of that ability, a word or 1 to 5"),
    Column("Native", "languages.level", "Native language, yes or no"),
)
"""`Echo_Worker_Languages`: one row per worker, language and ability."""

NOT_READ = ("Worker_Subtype", "Job_Profile_ID", "Job_Family_ID", "Time_Type", "Original_Hire_Date")
"""Columns of the full contract that this version has no use for. Leave them out: what is not sent cannot leak."""


def names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The names of a report's columns."""
    return tuple(column.name for column in columns)
