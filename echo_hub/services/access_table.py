"""The rules of access for reading: by what they are about, with the part that counts for whoever reads."""

from __future__ import annotations

from collections.abc import Iterable

from echo_hub.services.access import ROLE_SOURCES, RULES, SUBJECTS, Rule
from echo_hub.services.actor import ROLES, Actor, Role
from echo_hub.services.views import View


class RoleView(View):
    """An access role, where it comes from, and whether the reader has it; `within` names the places it is for only."""

    role: Role
    source: str
    yours: bool
    within: str | None


class RuleView(View):
    """Who may do one thing: to what belongs to nobody (`general`), to the actor (`own`), to whomever (`anyone`).

    `yours` says the same of the reader, with `within` where the reader may in some countries or units.
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
    within: dict[Role, str] = {}
    for scoped in () if actor is None else actor.scoped:
        within[scoped.role] = ", ".join(filter(None, (within.get(scoped.role), scoped.scope.words)))
    return AccessTable(
        roles=tuple(
            RoleView(role=role, source=ROLE_SOURCES[role], yours=role in roles, within=within.get(role))
            for role in ROLES
        ),
        subjects=tuple(
            SubjectView(
                title=title,
                rules=tuple(
                    _view(intent, rule, roles, within)
                    for intent, rule in RULES.items()
                    if intent.partition(".")[0] in firsts
                ),
            )
            for title, firsts in SUBJECTS.items()
        ),
    )


def _view(intent: str, rule: Rule, roles: frozenset[Role], within: Iterable[Role]) -> RuleView:
    # Whoever may do it to anybody's may do it to their own, so the middle column need not say so again.
    columns = {"general": rule.general, "own": rule.own, "anyone": rule.anyone}
    yours = [name for name, enough in columns.items() if not enough.isdisjoint(roles)]
    if "anyone" not in yours and not rule.anyone.isdisjoint(within):
        yours.append("within")
    return RuleView(
        intent=intent,
        what=rule.act,
        yours=tuple(yours),
        **{name: _ordered(enough) for name, enough in columns.items()},
    )


def _ordered(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if role in set(roles))
