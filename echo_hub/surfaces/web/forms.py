"""Forms that change something: read without a cookie, and only when they come from a page of ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, HTTPException, Request

from echo_hub.surfaces.ids import LARGEST_ID

TOKEN = secrets.token_urlsafe(24)
"""The token of forms where nobody is signed in by a cookie; new with every start."""
_MOST_FIELDS = 5_000
_KIND = "application/x-www-form-urlencoded"


class Form:
    """The fields of a submitted form; a field that was left empty is the empty text."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str, longest: int = 500) -> str:
        """A field's text without blanks around it.

        Raises:
            HTTPException: it is longer than the field of any page of ours (422).
        """
        text = self._fields.get(name, [""])[0].strip()
        if len(text) > longest:
            raise HTTPException(422, f"The field {name[:50]} holds {len(text):,} characters; {longest} are its limit.")
        return text

    def number(self, name: str) -> int:
        """A field that holds the number of a row; 0 where it holds none.

        Raises:
            HTTPException: it is larger than any row's (422).
        """
        text = self.text(name)
        number = int(text) if text.isascii() and text.isdigit() else 0
        if number > LARGEST_ID:
            raise HTTPException(422, f"The field {name[:50]} holds a number larger than any there is.")
        return number

    def every(self, name: str) -> list[str]:
        """All values of a field with several, such as ticked boxes."""
        return self._fields.get(name, [])

    def holds(self, character: str) -> bool:
        """Whether a character stands in a field or its name."""
        return any(character in text for name, values in self._fields.items() for text in (name, *values))

    def called(self, prefix: str) -> dict[str, str]:
        """The fields whose names begin so, by the rest of the name."""
        return {name.removeprefix(prefix): self.text(name) for name in self._fields if name.startswith(prefix)}


def form_token(request: Request) -> str:
    """Stands in every form of a page as `token`: no other site can read our pages, so none can know it.

    Made from the cookie of whoever is signed in, so that no colleague's token will do, and every process of the hub
    knows it; where there is no cookie, new with every start.
    """
    key = request.cookies.get(request.app.state.session_cookie)
    return TOKEN if not key else urlsafe_b64encode(hmac.digest(key.encode(), b"form", hashlib.sha256)).decode()


async def submitted(request: Request) -> Form:
    """The form of a request, for a route to depend on.

    How large it may be as a whole is said by `echo_hub.surfaces.limits`.

    Raises:
        HTTPException: no form (415), or one that is not text (400) or has too many fields (413); or it does not come
            from a page of ours (403).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _KIND:
        raise HTTPException(415, f"This address takes a form as {_KIND}, as the pages send it.")
    try:
        text = (await request.body()).decode()
        form = Form(parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))
    except UnicodeDecodeError:
        raise HTTPException(400, "This form is not written in UTF-8; send it from one of the pages.") from None
    except ValueError:
        raise HTTPException(413, f"A form may have {_MOST_FIELDS:,} fields at most; this one has more.") from None
    if form.holds("\x00"):
        raise HTTPException(400, "This form holds a character with the code 0, which no text has. Type it anew.")
    if not secrets.compare_digest(form.text("token").encode(), form_token(request).encode()):
        raise HTTPException(403, "This form is no longer valid. Go back, reload the page and send it again.")
    return form


Submitted = Annotated[Form, Depends(submitted)]
