"""The fictional company's courses under the names a platform gives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from echo_core.testing.company import Company, Course

LOCALES: Final = {"en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es", "pt": "pt-BR", "sv": "sv-SE", "ja": "ja-JP"}
ACTIVITY_TYPES: Final = {
    "path": "https://xapi.percipio.com/xapi/activity-type/curriculum",
    "course": "http://adlnet.gov/expapi/activities/course",
    "video": "https://w3id.org/xapi/video/activity-type/video",
    "book": "https://xapi.percipio.com/xapi/activity-type/book",
}
SHELF: Final = {"path": "journey", "course": "course", "video": "video", "book": "book"}


class Library:
    """The company's courses and people by key, so that dressing thousands of completions stays quick."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.courses = {course.key: course for course in company.courses}
        self.people = {colleague.number: colleague for colleague in company.people}


def uuid_of(company: Company, kind: str, key: str) -> str:
    """The same id every time for the same thing."""
    return str(uuid5(NAMESPACE_URL, f"https://{company.domain}/{kind}/{key}"))


def activity_of(company: Company, course: Course) -> str:
    """The IRI under which statements about a course arrive, the same one its catalogue entry carries."""
    return f"https://xapi.percipio.com/xapi/{SHELF[course.kind]}/{uuid_of(company, 'course', course.key)}"


def stamp(day: date, hour: int = 0) -> str:
    """A UTC time as Percipio and learning record stores write it."""
    return datetime.combine(day, time(hour), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def locale_of(language: str) -> str:
    """The platform's locale for a language."""
    return LOCALES.get(language, language)
