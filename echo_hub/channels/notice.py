"""What is sent: one notice, in words and as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from echo_core.text.neutral import neutral


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to operators. No person's data and no secret is in it.

    `id` is the same however often it is sent, so that a receiver can tell a notice that comes twice. `kind` and `data`
    are for programs, `title` and `lines` for people.
    """

    id: str
    kind: str
    at: datetime
    title: str
    lines: tuple[str, ...]
    data: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The whole of it, for people, with no sign in it that a reader does not see."""
        whole = "\n".join((self.title, "", *self.lines))
        return "\n".join(neutral(line) for line in whole.splitlines())
