"""Whether people can read what a record is called: a person's name, an opportunity's title."""

from __future__ import annotations

from echo_core.model import Opportunity, Person, Record
from echo_core.text.letters import has_letters_or_digits


def unseen_name(record: Record) -> str | None:
    """The field of a record that should say what it is called and has no letter or digit that is seen; else None."""
    if isinstance(record, Person):
        return None if has_letters_or_digits(record.name) else "name"
    if isinstance(record, Opportunity):
        return None if has_letters_or_digits(record.title) else "title"
    return None
