"""How a platform's name for a person becomes a reference that the hub can join to the HR system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from echo_core.model import PersonRef

LoginScheme = Literal["auto", "employee_id", "email", "user_name", "source"]
AccountScheme = Literal["employee_id", "email", "user_name", "source"]

_SHA1 = re.compile(r"^[0-9a-fA-F]{40}$")
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


@dataclass(frozen=True, slots=True)
class PeopleContext:
    """The connection's choices: what a login is, and what an account name at a given home page is."""

    login: LoginScheme = "auto"
    accounts: Mapping[str, AccountScheme] = field(default_factory=dict)


def person_ref(scheme: str, value: Any, context: PeopleContext) -> PersonRef | None:
    """The reference, or None for a blank value.

    Raises:
        ValueError: the value names nobody, e.g. an actor with no or two identifiers.
    """
    if scheme == "agent":
        return agent(value, context)
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError("a person's key was expected")
    text = str(value).strip()
    if not text:
        return None
    if scheme == "login":
        scheme = context.login if context.login != "auto" else "email" if "@" in text else "user_name"
    return _ref(scheme, text)


def agent(value: Any, context: PeopleContext) -> PersonRef:
    """The person behind a statement's actor (xAPI 1.0.3, section 2.4.2: exactly one inverse functional identifier).

    An openid, and an account at a home page nobody configured, become `source` references: they end in the review
    list of unmatched people, neither dropped nor guessed.

    Raises:
        ValueError: a group, no identifier, more than one, or a malformed one.
    """
    if not isinstance(value, Mapping):
        raise ValueError("an actor object was expected")
    if value.get("objectType", "Agent") != "Agent":
        raise ValueError("a single person was expected, not a group")
    given = [name for name in _IDENTIFIERS if value.get(name) is not None]
    if len(given) != 1:
        raise ValueError(f"exactly one of {', '.join(_IDENTIFIERS)} was expected")
    identifier = value[given[0]]
    if given[0] == "account":
        return _account(identifier, context)
    if not isinstance(identifier, str) or not identifier.strip():
        raise ValueError(f"text was expected in {given[0]}")
    text = identifier.strip()
    if given[0] == "openid":
        return PersonRef(scheme="source", value=text)
    if given[0] == "mbox":
        if not text.lower().startswith("mailto:") or "@" not in text:
            raise ValueError("mbox was expected to be mailto: and an address")
        return _ref("email", text[len("mailto:") :])
    if not _SHA1.match(text):
        raise ValueError("mbox_sha1sum was expected to be 40 hex digits")
    return PersonRef(scheme="email_sha1", value=text.lower())


def _account(value: Any, context: PeopleContext) -> PersonRef:
    home, name = (value.get("homePage"), value.get("name")) if isinstance(value, Mapping) else (None, None)
    if not (isinstance(home, str) and home.strip() and isinstance(name, str) and name.strip()):
        raise ValueError("an account needs homePage and name")
    scheme = context.accounts.get(home.strip().rstrip("/"))
    if scheme is None:
        return PersonRef(scheme="source", value=f"{home.strip()}|{name.strip()}")
    return _ref(scheme, name.strip())


def _ref(scheme: str, text: str) -> PersonRef:
    # Mail addresses are compared without regard to case; lower case here keeps a re-read identical.
    return PersonRef.model_validate({"scheme": scheme, "value": text.lower() if scheme == "email" else text})
