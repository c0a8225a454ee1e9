"""The rules of access for reading: by what they are about, with the part that counts for whoever reads."""

from __future__ import annotations

from collections.abc import Iterable

from echo_hub.services.access import ROLE_SOURCES, RULES, SUBJECTS, Rule
from echo_hub.services.actor import ROLES, Actor, Role
from echo_hub.services.views import View


class RoleView(View):
    """An access role, where it comes from, and whether the reader has it."""

    role: Role
    source: str
    yours: bool


class RuleView(View):
    """Who may do one thing: to what belongs to nobody (`general`), to the actor (`own`), to whomever (`anyone`).

    `yours` says the same of the reader.
    """

    intent: str
    what: str
    general: tuple[Role, ...]
    own: tuple[Role, ...]
    anyone: tuple[Role, ...]
    yours: tuple[str, ...]


class SubjectView(View):
    """Rules about one thing."""

    title: str
    rules: tuple[RuleView, ...]


class AccessTable(View):
    """The whole table."""

    roles: tuple[RoleView, ...]
    subjects: tuple[SubjectView, ...]


def access_table(actor: Actor | None = None) -> AccessTable:
    """The table as `actor` reads it; nothing is theirs where nobody reads."""
    roles = frozenset[Role]() if actor is None else actor.roles
    return AccessTable(
        roles=tuple(RoleView(role=role, source=ROLE_SOURCES[role], yours=role in roles) for role in ROLES),
        subjects=tuple(
            SubjectView(
                title=title,
                rules=tuple(
                    _view(intent, rule, roles) for intent, rule in RULES.items() if intent.partition(".")[0] in firsts
                ),
            )
            for title, firsts in SUBJECTS.items()
        ),
    )


def _view(intent: str, rule: Rule, roles: frozenset[Role]) -> RuleView:
    # Whoever may do it to anybody's may do it to their own, so the middle column need not say so again.
    columns = {"general": rule.general, "own": rule.own, "anyone": rule.anyone}
    return RuleView(
        intent=intent,
        what=rule.act,
        yours=tuple(name for name, enough in columns.items() if not enough.isdisjoint(roles)),
        **{name: _ordered(enough) for name, enough in columns.items()},
    )


def _ordered(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if role in set(roles))
