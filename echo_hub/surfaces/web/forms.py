"""Forms that change something: read without a cookie, and only when they come from a page of ours."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, HTTPException, Request

TOKEN = secrets.token_urlsafe(24)
"""Stands in every form as `token`. No other site can read our pages, so none can know it; new with every start."""
_LARGEST = 1_000_000
_MOST_FIELDS = 5_000


class Form:
    """The fields of a submitted form; a field that was left empty is the empty text."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def one(self, name: str, longest: int = 500) -> str:
        """A field's text without blanks around it, cut where it is too long to be meant."""
        return self._fields.get(name, [""])[0].strip()[:longest]

    def number(self, name: str) -> int:
        """A field that holds a whole number; 0 where it holds none."""
        text = self.one(name, 15)
        return int(text) if text.isascii() and text.isdigit() else 0

    def every(self, name: str) -> list[str]:
        """All values of a field with several, such as ticked boxes."""
        return self._fields.get(name, [])

    def called(self, prefix: str) -> dict[str, str]:
        """The fields whose names begin so, by the rest of the name."""
        return {name.removeprefix(prefix): self.one(name) for name in self._fields if name.startswith(prefix)}


async def submitted(request: Request) -> Form:
    """The form of a request, for a route to depend on.

    Raises:
        HTTPException: it does not come from a page of ours (403), or is larger than any form of ours (413).
    """
    if int(request.headers.get("content-length") or 0) > _LARGEST:
        raise HTTPException(413, "This form is too large to be ours.")
    text = (await request.body()).decode("utf-8", "replace")
    try:
        form = Form(parse_qs(text[:_LARGEST], keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise HTTPException(413, "This form has too many fields to be ours.") from None
    if not secrets.compare_digest(form.one("token").encode(), TOKEN.encode()):
        raise HTTPException(403, "This form is no longer valid. Go back, reload the page and send it again.")
    return form


Submitted = Annotated[Form, Depends(submitted)]
