"""What no array, page or JSON answer can use although a record may hold it: noticed when the record is read."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from echo_core.model import Record
from echo_hub.store.aside import UnusableError
from echo_hub.store.naming import unseen_name

_MOST = 2**31 - 1


def computable(record: Record) -> None:
    """Lets a record pass whose own numbers and moments can be computed with, and whose name can be read.

    Raises:
        UnusableError: names the first field that cannot.
    """
    if (unseen := unseen_name(record)) is not None:
        raise UnusableError(f"Its {unseen} has no letter or digit that is seen.")
    for name, value in record.__dict__.items():
        kind = type(value)
        if kind is int:
            if abs(value) > _MOST:
                raise UnusableError(f"Its {name} is a number too large to compute with.")
        elif kind is float:
            if not isfinite(value):
                raise UnusableError(f"Its {name} is no finite number.")
        elif kind is datetime:
            try:
                value.astimezone(UTC)
            except (OverflowError, ValueError):
                raise UnusableError(f"Its {name} is a moment beyond what can be computed with.") from None
