"""Rows of the opportunities file as jobs, projects, mentorships and learning paths. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import urlsplit

from echo_core.connectors import RecordError
from echo_core.model import Job, LearningPath, Mentorship, PersonRef, Project, Requirement
from echo_core.model.skill import Importance
from echo_core.text.html import html_to_text
from echo_core.text.language_names import language_code
from echo_hub_csv_folder.config import CsvFolderConfig, Kind, OpportunityStatus
from echo_hub_csv_folder.mapping import placed
from echo_hub_csv_folder.raw import OpportunityRow
from echo_hub_csv_folder.values import address, count, countries, day, key, meaning, number, parts, with_levels

Opportunity = Job | Project | Mentorship | LearningPath
MODELS: dict[Kind, type[Opportunity]] = {
    "job": Job,
    "project": Project,
    "mentorship": Mentorship,
    "learning_path": LearningPath,
}

_KINDS: dict[Kind, tuple[str, ...]] = {
    "job": ("vacancy", "position", "role", "stelle", "stellenangebot", "emploi", "poste", "offre"),
    "project": ("gig", "assignment", "projekt", "einsatz", "projet", "mission"),
    "mentorship": ("mentor", "mentoring", "mentorat"),
    "learning_path": (
        *("learning", "course", "training", "kurs", "schulung", "weiterbildung", "lernpfad", "formation", "cours"),
    ),
}
_STATUSES: dict[OpportunityStatus, tuple[str, ...]] = {
    "open": ("active", "live", "published", "offen", "aktiv", "ouvert", "ouverte"),
    "paused": ("on hold", "draft", "pausiert", "entwurf", "en pause", "suspendu", "brouillon"),
    "filled": ("taken", "besetzt", "vergeben", "pourvu", "pourvue"),
    "closed": ("inactive", "cancelled", "archived", "geschlossen", "beendet", "fermé", "fermée", "clos", "terminé"),
}
_Remote = Literal["on_site", "hybrid", "remote"]
_REMOTE: dict[_Remote, tuple[str, ...]] = {
    "on_site": ("no", "onsite", "office", "nein", "vor ort", "präsenz", "non", "sur site"),
    "hybrid": ("partly", "teilweise", "partiel", "hybride"),
    "remote": ("yes", "home office", "ja", "oui", "télétravail", "à distance"),
}
_TEACHES = ("mentorship", "learning_path")


@placed
def map_opportunity(raw: OpportunityRow, config: CsvFolderConfig) -> Opportunity:
    """A row as the kind of record it says it is.

    Raises:
        RecordError: id, title or a mentor is missing, or a kind, status, country, date or number cannot be read.
    """
    file, own = config.opportunities, config.separator
    source_id = key(raw.id, "id")
    kind = meaning(raw.kind, "kind", _KINDS, file.kinds, "opportunities.kinds") or file.kind
    owner = _owner(raw.owner)
    if kind == "mentorship" and owner is None:
        raise RecordError(
            "owner is empty: a mentorship needs its mentor's employee id or work address.",
            field="owner",
            value_type="str",
        )
    seats = count(raw.seats, "seats")
    starts_on, ends_on = (
        day(raw.starts_on, "starts_on", config.date_order),
        day(raw.ends_on, "ends_on", config.date_order),
    )
    if starts_on and ends_on and ends_on < starts_on:
        raise RecordError("ends_on lies before starts_on.", field="ends_on", value_type="str")
    essential: Importance = "teaches" if kind in _TEACHES else "essential"
    fields: dict[str, Any] = {
        "source_id": source_id,
        "title": " ".join(raw.title.split()),
        "description": html_to_text(raw.description, plain_lines=True),
        "status": meaning(raw.status, "status", _STATUSES, file.statuses, "opportunities.statuses") or "open",
        "languages": tuple(
            dict.fromkeys(code for name, _, _ in with_levels(raw.languages, own) if (code := language_code(name)))
        ),
        "location": raw.location or None,
        "countries": countries(raw.countries, "countries", own),
        "remote": meaning(raw.remote, "remote", _REMOTE, {}, "remote"),
        "hours_per_week": number(raw.hours_per_week, "hours_per_week"),
        "duration_weeks": number(raw.duration_weeks, "duration_weeks"),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "seats": 1 if seats is None and kind in ("project", "mentorship") else seats,
        "owner": owner,
        "apply_url": _link(raw.url),
        "requirements": (
            *_requirements(raw.skills, essential, own),
            *_requirements(raw.desired_skills, "desired", own),
        ),
        "tags": parts(raw.tags, own),
    }
    return MODELS[kind](**fields)


def _owner(cell: str) -> PersonRef | None:
    if mail := address(cell):
        return PersonRef(scheme="email", value=mail)
    return PersonRef(scheme="employee_id", value=cell) if cell else None


def _requirements(cell: str, importance: Importance, separator: str) -> Iterator[Requirement]:
    for label, level, written in with_levels(cell, separator):
        yield Requirement(label=label, importance=importance, level=level, level_raw=written)


def _link(cell: str) -> str | None:
    """The address of a page; nothing else may be followed."""
    try:
        parsed = urlsplit(cell)
    except ValueError:
        return None
    return cell if parsed.scheme in ("http", "https") and parsed.hostname and not cell.split()[1:] else None
