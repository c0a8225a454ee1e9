"""A person as one system knows them, as the snapshot takes it from the store."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from echo_core.model import Preferences
from echo_core.model.person import PersonStatus, WorkerType
from echo_core.text.letters import has_letters_or_digits
from echo_hub.store.aside import UnusableError
from echo_hub.store.stored_people import StoredPerson, StoredPreferences


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A person as one system knows them, without the skills."""

    connection: str
    stream: str
    source_id: str
    name: str
    worker_type: WorkerType
    status: PersonStatus
    employee_id: str | None
    human_id: str | None
    work_email: str | None
    user_name: str | None
    title: str | None
    manager_id: str | None
    org_unit_id: str | None
    org_unit: str | None
    place_id: str | None
    location: str | None
    city: str | None
    country: str | None
    time_zone: str | None
    hired_on: date | None
    languages: tuple[str, ...]
    preferences: Preferences | None = None


def fact_of(connection: str, stream: str, stored: StoredPerson) -> PersonFact:
    """A stored person without the skills.

    Raises:
        UnusableError: nobody could read the name.
    """
    if not has_letters_or_digits(stored.name):
        raise UnusableError("Its name has no letter or digit that is seen.")
    wishes = stored.preferences
    # What many people share is kept once: each record has its own copy of "Stockholm".
    return PersonFact(
        connection=connection,
        stream=stream,
        source_id=stored.source_id,
        name=stored.name,
        worker_type=stored.worker_type,
        status=stored.status,
        employee_id=stored.employee_id,
        human_id=stored.human_id,
        work_email=stored.work_email.strip().lower() if stored.work_email else None,
        user_name=stored.user_name,
        title=_shared(stored.title),
        manager_id=_shared(stored.manager_id),
        org_unit_id=_shared(stored.org_unit_id),
        org_unit=_shared(stored.org_unit),
        place_id=_shared(stored.place_id),
        location=_shared(stored.location),
        city=_shared(stored.city),
        country=_shared(stored.country),
        time_zone=_shared(stored.time_zone),
        hired_on=stored.hired_on,
        languages=shared(tuple([language.code for language in stored.languages])),
        preferences=None if wishes is None else _preferences(wishes),
    )


@lru_cache(maxsize=4096)
def shared(texts: tuple[str, ...]) -> tuple[str, ...]:
    """These texts, in one tuple for all who have the same: few of millions differ."""
    return texts


def _shared(text: str | None) -> str | None:
    return None if text is None else sys.intern(text)


def _preferences(stored: StoredPreferences) -> Preferences:
    return Preferences(
        hours_per_week=stored.hours_per_week,
        remote=stored.remote,
        countries=stored.countries,
        starts_from=stored.starts_from,
    )
