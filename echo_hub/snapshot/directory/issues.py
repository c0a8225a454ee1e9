"""What is to be looked at in who is who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Reason = Literal[
    "mail_on_several_people",
    "employee_id_on_several_people",
    "mail_on_several_accounts",
    "employee_id_on_several_accounts",
    "employee_id_and_mail_disagree",
    "no_match",
    "no_key",
    "own_manager",
    "unknown_manager",
    "manager_cycle",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
MANAGERS: frozenset[Reason] = frozenset({"own_manager", "unknown_manager", "manager_cycle"})
"""The reasons that are about who leads the person, not about who it is."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A record that could not be joined, a join to look at, or a manager who cannot be. `reason` is of `REASONS`."""

    connection: str
    source_id: str
    reason: Reason
