"""Who acts: a person or a service, with access roles, and how they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Role = Literal[
    "employee",
    "mentor",
    "opportunity_owner",
    "hiring_manager",
    "people_manager",
    "hr_operations",
    "integration_engineer",
    "auditor",
]
CameBy = Literal["single sign-on", "proxy", "sign-in", "development sign-in", "token", "command line", "scheduler"]
ROLES: tuple[Role, ...] = get_args(Role)
GIVEN: tuple[Role, ...] = ("hr_operations", "integration_engineer", "auditor")
"""Access roles that no record tells: somebody gives them. The others follow from what systems say."""


class Scope(Protocol):
    """Some countries and units, for which somebody has a role."""

    @property
    def words(self) -> str:
        """Which those are."""

    def holds(self, public_id: str) -> bool:
        """Whether a person or an opportunity lies there."""


@dataclass(frozen=True, slots=True)
class ScopedRole:
    """An access role that counts for what lies in a scope, and nowhere else."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and as what.

    `id` is a person's public id or a service's name. `number` is the employee id of a person who has one. `intents`
    are the only ones the actor may carry out, of those that its roles may; None: all of these. `roles` count
    everywhere; `access.allow` alone says where those of `scoped` do.
    """

    kind: Literal["person", "service"]
    id: str
    name: str
    roles: frozenset[Role]
    came_by: CameBy
    number: str | None = None
    intents: frozenset[str] | None = None
    scoped: tuple[ScopedRole, ...] = ()

    @property
    def person(self) -> str | None:
        """The person's public id; None for a service."""
        return self.id if self.kind == "person" else None

    @property
    def key(self) -> str:
        """What is stored of who decided: the employee id where there is one, else the id."""
        return self.number or self.id

    @property
    def is_staff(self) -> bool:
        """Whether the actor answers for others' data: has one of the access roles that are given, if only somewhere."""
        return bool(self.scoped) or not self.roles.isdisjoint(GIVEN)


OPERATOR = Actor("service", "operator", "The operator", frozenset(GIVEN), "command line")
"""Whoever can run commands on the hub's own machine, and can read its database anyway."""
SCHEDULER = Actor("service", "scheduler", "The scheduler", frozenset({"integration_engineer"}), "scheduler")
SIGN_IN = Actor("service", "sign-in", "The sign-in", frozenset(), "sign-in")
"""Refuses who cannot be let in, and ends the sessions of who has left. It may do nothing else."""
