"""Which language a reader wants: of the request, of the command, or English."""

from __future__ import annotations

from collections.abc import Collection
from contextvars import ContextVar

ENGLISH = "en"
_CURRENT: ContextVar[str] = ContextVar("locale", default=ENGLISH)


def current_locale() -> str:
    """The language of the request or command that is being answered."""
    return _CURRENT.get()


def choose_locale(tag: str) -> None:
    """Answers in this language from here on, in this request or command only."""
    _CURRENT.set(tag)


def accepted_locale(header: str, available: Collection[str], default: str = ENGLISH) -> str:
    """The best language of an `Accept-Language` header (RFC 9110, 12.5.4) that there are sentences in.

    "de-AT" is content with "de". A weight of 0 refuses a language; what cannot be read is passed over.
    """
    known = {tag.casefold(): tag for tag in available}
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            continue
        if tag.strip() and quality > 0:
            wanted.append((-quality, tag.strip().casefold()))
    for _, tag in sorted(wanted, key=lambda choice: choice[0]):
        for form in (tag, tag.split("-")[0]):
            if form in known:
                return known[form]
    return default
