"""The fictional company's openings, dressed as Harvest v3 rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from echo_core.testing.company import Colleague, Company, Opening, Site

Rows = dict[str, list[dict[str, Any]]]
BOARD_TOKEN = "echodemo"  # noqa: S105 -- the name of a public board, no secret
FIRST_USER, SERVICE_USER = 4_000_001_000, 4_000_000_100
INTERNAL_BOARD, EXTERNAL_BOARD = 4_000_000_001, 4_000_000_002
# Real ids have long outgrown 32 bits; the sandbox's do too, so that nothing may store them as int4.
FIRST_JOB, _POSTS, _LOCATIONS = 19_214_950_000, 20_400_000_000, 21_100_000_000
_TEAM_ROWS = 4_120_000_000
_DEPARTMENTS, _OFFICES, _CUSTOM = 4_061_000_000, 4_016_000_000, 4_090_000_000
_VENDOR_LANGUAGES = {
    **{
        code: code
        for code in ("en", "zh", "nl", "fi", "fr", "de", "it", "ja", "ko", "no", "pl", "pt", "ru", "es", "th")
    },
    "he": "iw",
    "sv": "se",
    "zh-Hant": "zhHant",
}


def dressed(company: Company) -> Rows:
    """Every resource the sandbox serves, oldest first.

    Each opening becomes a job with an internal post; external ones get a second, external post. Confidential and
    template jobs have a live post, so that only the connector's rules keep them out of sight. Some external posts
    were never published. Of the colleagues only those in a hiring team have a user: the manager of each opening, and
    recruiters in turn. Who has left is deactivated, and every second user has an employee id.
    """
    units = {unit.key: _DEPARTMENTS + number for number, unit in enumerate(company.units)}
    sites = {site.key: number for number, site in enumerate(company.sites)}
    born = _stamp(_midnight(company.today) - timedelta(days=900))
    rows: Rows = {
        "departments": [
            {
                "id": units[unit.key],
                "created_at": born,
                "updated_at": born,
                "name": unit.name,
                "parent_id": units[unit.parent] if unit.parent else None,
                "external_id": unit.key,
            }
            for unit in company.units
        ],
        "offices": [_office(site, number, born) for number, site in enumerate(company.sites)],
        "job_board_custom_locations": [
            {
                "id": _CUSTOM + number,
                "created_at": born,
                "updated_at": born,
                "value": f"{site.city}, {site.country_name}",
                "active": True,
                "greenhouse_job_board_id": INTERNAL_BOARD,
            }
            for number, site in enumerate(company.sites)
        ],
        "user_roles": [
            {"id": 4_000_000_011, "role_type": "job_admin", "name": "Standard", "created_at": born, "updated_at": born}
        ],
        "users": [_service_user(born)],
        "job_hiring_managers": [],
        "job_owners": [],
        "jobs": [],
        "job_posts": [],
        "job_post_locations": [],
    }
    recruiters = [person.number for person in company.people if person.title == "Recruiter"]
    colleagues = {person.number: number for number, person in enumerate(company.people)}
    in_teams = {opening.manager for opening in company.openings}.union(recruiters)
    rows["users"] += [
        _user(person, FIRST_USER + colleagues[person.number], units[person.unit], born)
        for person in company.people
        if person.number in in_teams
    ]
    for opening in company.openings:
        job = _job(opening, units[opening.unit], _OFFICES + sites[opening.site], company.today)
        rows["jobs"].append(job)
        team = {"job_id": job["id"], "created_at": job["created_at"], "updated_at": job["created_at"]}
        if opening.manager in colleagues:
            manager = {"id": _TEAM_ROWS + opening.key, "user_id": FIRST_USER + colleagues[opening.manager]}
            rows["job_hiring_managers"].append(team | manager)
        if recruiters:
            recruiter = FIRST_USER + colleagues[recruiters[opening.key % len(recruiters)]]
            # The two lists number their rows apart, so a number may stand in both.
            owner = {"id": _TEAM_ROWS + opening.key, "user_id": recruiter, "type": "recruiter", "responsible": True}
            rows["job_owners"].append(team | owner)
        site = company.site(opening.site)
        for number, internal in enumerate((True, False) if opening.external else (True,)):
            post = _post(opening, job, number, company, internal=internal)
            rows["job_posts"].append(post)
            rows["job_post_locations"].extend(_locations(opening, post, site, sites[opening.site]))
    return rows


def _user(person: Colleague, key: int, department_id: int, born: str) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    return _service_user(born) | {
        "id": key,
        "first_name": first,
        "last_name": last or None,
        "name": person.name,
        "primary_email": person.email or f"{person.login}@greenhouse.invalid",
        "emails": [person.email] if person.email else None,
        "employee_id": person.number if key % 2 or not person.email else None,
        "deactivated": person.status == "left",
        "site_admin": False,
        "job_title": person.title,
        "department_ids": [department_id],
    }


def _service_user(born: str) -> dict[str, Any]:
    """The credential's own user, which no list shows unless it is asked to."""
    return {
        **{"id": SERVICE_USER, "created_at": born, "updated_at": born},
        **dict.fromkeys(("first_name", "last_name", "name", "employee_id", "job_title", "agency_id")),
        **{"primary_email": "", "emails": [], "deactivated": False, "site_admin": True, "custom_fields": {}},
        **{"linked_candidate_ids": [], "office_ids": [], "department_ids": [], "interviewer_tags": []},
    }


def _office(site: Site, number: int, born: str) -> dict[str, Any]:
    return {
        "id": _OFFICES + number,
        "created_at": born,
        "updated_at": born,
        "name": site.name,
        "parent_id": None,
        "external_id": site.key,
        "location": f"{site.city}, {site.country_name}",
        "primary_in_house_contact_user_id": None,
    }


def _job(opening: Opening, department_id: int, office_id: int, today: date) -> dict[str, Any]:
    opened = datetime.combine(opening.opened_on, time(0, opening.key % 60), UTC)
    closed = min(opened + timedelta(days=20), _midnight(today) + timedelta(hours=1))
    status = {"draft": "draft", "closed": "closed"}.get(opening.flag, "open")
    return {
        "id": FIRST_JOB + opening.key,
        "created_at": _stamp(opened - timedelta(days=3)),
        "updated_at": _stamp(closed if status == "closed" else opened + timedelta(minutes=40)),
        "name": f"{opening.title} ({opening.key})",
        # Recorded accounts hold "" as well as null where nobody typed a number.
        "requisition_id": "" if opening.key % 11 == 0 else f"REQ-{opening.key}",
        "notes": "<p>Internal notes that no colleague may see.</p>",
        "confidential": opening.flag == "confidential",
        "status": status,
        "opened_at": None if status == "draft" else _stamp(opened),
        "closed_at": _stamp(closed) if status == "closed" else None,
        "is_template": opening.flag == "template",
        "copied_from_id": None,
        "department_id": department_id,
        "office_ids": [office_id],
        "custom_fields": {},
    }


def _post(opening: Opening, job: dict[str, Any], number: int, company: Company, *, internal: bool) -> dict[str, Any]:
    opened = datetime.combine(opening.opened_on, time(1, opening.key % 60), UTC)
    # The company's internal-first rule: colleagues see a job a week before the world does.
    published = opened if internal else opened + timedelta(days=7)
    early = published.date() > company.today
    unseen = early or opening.flag == "draft" or (not internal and opening.key % 7 == 0)
    live = not unseen and opening.flag != "deleted" and not (opening.flag == "closed" and opening.key % 2)
    key = _POSTS + opening.key * 10 + number
    return {
        "id": key,
        "created_at": _stamp(opened - timedelta(days=2)),
        "updated_at": _stamp((opened if unseen else published) + timedelta(minutes=5)),
        "title": opening.title,
        "internal": internal,
        "active": opening.flag != "deleted",
        "live": live,
        "featured": internal and live and opening.key % 50 == 0,
        "first_published_at": None if unseen else _stamp(published),
        "content": opening.html if internal else _public_html(opening.html),
        "internal_content": opening.html if internal else None,
        "language": _VENDOR_LANGUAGES.get(opening.language),
        "public_url": None if internal else f"https://careers.{company.domain}/jobs/{key}?gh_jid={key}",
        "demographic_question_set_id": None,
        "job_id": job["id"],
        "job_board_id": INTERNAL_BOARD if internal else EXTERNAL_BOARD,
        "questions": [
            {
                "id": None,
                "description": None,
                "answer_type": "short_text",
                "required": True,
                "private": False,
                "label": "First Name",
                "name": "first_name",
                "options": [],
            }
        ],
    }


def _public_html(html: str) -> str:
    intro = '<div class="content-intro"><p>Join&nbsp;us &amp; make something people love.</p></div>'
    film = '<p><iframe src="https://video.invalid/42" width="300"></iframe></p>'
    return f"{intro}{html}{film}"


def _locations(opening: Opening, post: dict[str, Any], site: Site, number: int) -> list[dict[str, Any]]:
    office = {"type": "office", "office_id": _OFFICES + number}
    here = f"{site.city}, {site.country_name}"
    match opening.remote:
        case "remote":
            places = [_free("Remote" if opening.key % 5 == 0 else f"Remote ({site.country_name})")]
        case "hybrid":
            places = [_free(f"Hybrid - {here}")] if opening.key % 3 else [office, _free(f"Hybrid - {here}")]
        case _:
            custom = {"type": "custom_list", "custom_location_id": _CUSTOM + number}
            places = [custom if opening.key % 4 == 0 else office]
    return [
        {
            "id": _LOCATIONS + (post["id"] - _POSTS) * 10 + at,
            "created_at": post["created_at"],
            "updated_at": post["created_at"],
            "plain_text_location": None,
            "office_id": None,
            "job_post_id": post["id"],
            "custom_location_id": None,
            **place,
        }
        for at, place in enumerate(places)
    ]


def _free(text: str) -> dict[str, Any]:
    return {"type": "free_text", "plain_text_location": text}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
