"""One mistake of a set-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`level`: wrong (something does not work), or advice. No value of a setting is ever repeated: it may be a secret.

    `code` is stable; `what` and `mend` are sentences; `where` names a setting, a file or a host.
    """

    level: Literal["wrong", "advice"]
    code: str
    where: str
    what: str
    mend: str


def wrong(code: str, where: str, what: str, mend: str) -> Finding:
    """Something that does not work."""
    return Finding("wrong", code, where, what, mend)


def advice(code: str, where: str, what: str, mend: str) -> Finding:
    """Something that works, and may surprise."""
    return Finding("advice", code, where, what, mend)
