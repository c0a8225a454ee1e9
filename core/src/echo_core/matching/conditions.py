"""The conditions of eligibility rules as plain comparisons: of numbers in compiled code, of arrays everywhere else."""

from __future__ import annotations

from typing import Any


def country_fits(known: Any, lives_there: Any, anywhere: Any, movable: Any) -> Any:
    """Whether an opportunity is open where a person lives; a country nobody knows shuts nobody out."""
    return ~known | anywhere | movable | lives_there


def language_fits(known: Any, any_language: Any, understood: Any) -> Any:
    """Whether a person understands a language of an opportunity; languages nobody knows shut nobody out."""
    return ~known | any_language | understood


def in_line(mentoring: Any, owner: Any, owner_enter: Any, owner_leave: Any, enter: Any, leave: Any) -> Any:
    """Whether a person reports to the owner of a mentorship or the owner to them, directly or through managers.

    Nobody reports to themselves: a mentor's own offer is closed to them by `is_own` alone.

    Args:
        owner: the owner's row, -1 for none.
        owner_enter, owner_leave, enter, leave: bounds of each one's people in a walk through the manager tree.
    """
    above = (owner_enter < enter) & (enter < owner_leave)
    below = (enter < owner_enter) & (owner_enter < leave)
    return mentoring & (owner >= 0) & (above | below)


def is_own(owner: Any, person: Any) -> Any:
    """Whether an opportunity is a person's own, by rows."""
    return owner == person
