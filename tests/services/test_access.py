"""One door: every service function takes who acts first, asks for permission once, and the table says who may."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from echo_hub.services import intents
from echo_hub.services.access import ROLE_SOURCES, ROLE_WORDS, RULES, SUBJECTS, ForbiddenError, allow, allows
from echo_hub.services.access_table import access_table
from echo_hub.services.actor import OPERATOR, ROLES, Actor, ScopedRole
from echo_hub.services.looking import LOOKS
from echo_hub.surfaces.words import LOOK_WORDS

ADA = Actor("person", "workday:person:1", "Ada", frozenset({"employee"}), "development sign-in", "E1")
BOSS = Actor(
    "person", "workday:person:2", "Boss", frozenset({"employee", "people_manager"}), "development sign-in", "E2"
)
OWNER = Actor(
    "person", "workday:person:3", "Owner", frozenset({"employee", "opportunity_owner"}), "development sign-in", "E3"
)
AUDITOR = Actor("service", "auditor", "Auditor", frozenset({"auditor"}), "command line")
SURFACES = Path(intents.__file__).parents[2] / "surfaces"


def functions():
    """(module, name, function) of everything that surfaces may call."""
    for found in pkgutil.iter_modules(intents.__path__):
        module = importlib.import_module(f"{intents.__name__}.{found.name}")
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                yield found.name, name, value


DOORS = list(functions())


def asked_in(function):
    """The intents a function asks permission for, as written in its source."""
    tree = ast.parse(inspect.getsource(function))
    return [
        node.args[1].value if isinstance(node.args[1], ast.Constant) else None
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("allow", "allows")
    ]


@pytest.mark.parametrize(("module", "name", "function"), DOORS, ids=[f"{one[0]}.{one[1]}" for one in DOORS])
def test_a_service_function_takes_the_actor_first_and_asks_exactly_once(module, name, function):
    assert [*inspect.signature(function).parameters][:2] == ["actor", "hub"]
    (intent,) = asked_in(function)
    assert intent in RULES


def test_no_rule_is_there_for_nothing():
    assert {intent for _, _, function in DOORS for intent in asked_in(function)} == set(RULES)


def test_surfaces_call_no_function_of_services_that_asks_nobody():
    pure = {
        ("access", "allows"),
        ("actors", "act_as"),
        ("actors", "staff_actor"),
        ("rematch", "engine"),
        ("service_tokens", "token_actor"),
        ("sign_in", "actor_behind"),
        ("sign_in", "refuse"),
        ("sign_in", "signed_in"),
        ("watching", "figures"),
        ("watching", "readiness"),
        ("wrong_items", "sentences"),
    }
    for file in SURFACES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            room = "echo_hub.services."
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(room):
                continue
            module = importlib.import_module(node.module)
            if node.module.startswith(intents.__name__):
                continue
            for alias in node.names:
                value = getattr(module, alias.name, None)
                if inspect.isfunction(value):
                    assert (node.module.removeprefix(room), alias.name) in pure, f"{file.name}: {alias.name}"


def test_surfaces_hand_the_hub_on_and_never_look_into_it():
    composing = {"cli/demo.py", "cli/serve.py", "cli/state.py", "cli/worker.py", "web/app.py"}
    for file in SURFACES.rglob("*.py"):
        if str(file.relative_to(SURFACES)) in composing:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            looks = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hub"
            assert not looks, f"{file.name}:{getattr(node, 'lineno', 0)} looks into the hub"


@pytest.mark.parametrize(
    ("actor", "intent", "of", "may"),
    [
        (ADA, "feed.read", ADA.id, True),
        (ADA, "feed.read", BOSS.id, False),
        (BOSS, "feed.read", ADA.id, False),
        (AUDITOR, "feed.read", ADA.id, False),
        (OPERATOR, "feed.read", ADA.id, True),
        (BOSS, "profile.read", ADA.id, False),
        (ADA, "correction.make", ADA.id, True),
        (ADA, "correction.make", "", False),
        (OWNER, "candidates.read", OWNER.id, True),
        (OWNER, "candidates.read", ADA.id, False),
        (OWNER, "candidates.read", None, False),
        (ADA, "candidates.read", ADA.id, False),
        (OPERATOR, "candidates.read", None, True),
        (OWNER, "requirements.decide", OWNER.id, True),
        (AUDITOR, "requirements.decide", None, False),
        (AUDITOR, "receipt.read", ADA.id, True),
        (ADA, "receipt.read", BOSS.id, False),
        (ADA, "queue.decide", None, False),
        (AUDITOR, "hold.decide", None, False),
        (ADA, "mentoring.draft", None, False),
        (ADA, "search.read", None, True),
        (ADA, "search.read", BOSS.id, False),
        (ADA, "matching.choose", ADA.id, True),
        (BOSS, "matching.choose", ADA.id, False),
        (BOSS, "matching.read", ADA.id, False),
        (OWNER, "matching.read", "", False),
        (OPERATOR, "matching.choose", ADA.id, True),
        (AUDITOR, "policy.read", None, True),
        (AUDITOR, "policy.set", None, False),
        (BOSS, "policy.read", None, False),
    ],
)
def test_the_table_says_who_may(actor, intent, of, may):
    if may:
        assert allow(actor, intent, of=of).intent == intent
    else:
        with pytest.raises(ForbiddenError):
            allow(actor, intent, of=of)


def test_a_refusal_says_who_acts_what_is_refused_and_who_may():
    with pytest.raises(ForbiddenError) as refused:
        allow(BOSS, "profile.read", of=ADA.id)
    assert refused.value.message == (
        "You act as Boss and may not see somebody else's profile; the person it is about or HR operations may."
    )


def test_the_table_for_reading_has_every_rule_once_and_every_role():
    rights = access_table(ADA)
    assert sorted(rule.intent for subject in rights.subjects for rule in subject.rules) == sorted(RULES)
    assert [role.role for role in rights.roles] == [*ROLES] == [*ROLE_WORDS] == [*ROLE_SOURCES]
    assert all(subject.rules for subject in rights.subjects), f"nothing is about one of {[*SUBJECTS]}"


def test_the_table_for_reading_says_what_of_it_is_the_readers():
    def yours(actor, intent):
        return next(
            rule.yours for subject in access_table(actor).subjects for rule in subject.rules if rule.intent == intent
        )

    assert [yours(ADA, intent) for intent in ("feed.read", "search.read", "queue.read")] == [
        ("own",),
        ("general", "own"),
        (),
    ]
    assert yours(OPERATOR, "feed.read") == ("anyone",)
    assert yours(BOSS, "profile.read") == ("own",)


@pytest.mark.parametrize(("module", "name", "function"), DOORS, ids=[f"{one[0]}.{one[1]}" for one in DOORS])
def test_whoever_sees_what_is_anothers_own_leaves_an_event(module, name, function):
    (intent,) = asked_in(function)
    rule, what = RULES[intent], intent.partition(".")[2]
    shows_others = rule.own == {"employee"} and bool(rule.anyone) and what in READING
    assert ("looked(hub, allow(" in inspect.getsource(function)) is shows_others
    assert (intent in LOOKS) is shows_others


def test_a_look_of_every_kind_has_its_words():
    assert {*LOOK_WORDS} == {*LOOKS, "receipt.keep"}


class Nordics:
    """A scope with Ada and one job in it."""

    words = "Nordics"

    def holds(self, public_id):
        return public_id in (ADA.id, "work:job:1")


NORDIC_HR = Actor(
    "person",
    "workday:person:4",
    "Nora",
    frozenset({"employee"}),
    "single sign-on",
    scoped=(ScopedRole("hr_operations", Nordics()),),
)


@pytest.mark.parametrize(
    ("intent", "of", "about", "may"),
    [
        ("feed.read", ADA.id, None, True),
        ("feed.read", BOSS.id, None, False),
        ("feed.read", "", None, False),
        ("feed.read", NORDIC_HR.id, None, True),
        ("candidates.read", None, "work:job:1", True),
        ("candidates.read", BOSS.id, "work:job:1", True),
        ("candidates.read", ADA.id, "work:job:2", True),
        ("candidates.read", BOSS.id, "work:job:2", False),
        ("candidates.read", None, None, False),
        ("receipt.read", ADA.id, None, True),
        ("queue.read", None, None, False),
        ("erasure.run", None, None, False),
    ],
)
def test_a_role_for_a_scope_counts_for_what_lies_there_alone(intent, of, about, may):
    assert allows(NORDIC_HR, intent, of=of, about=about) is may
    if not may:
        with pytest.raises(ForbiddenError, match="You are HR operations for Nordics only"):
            allow(NORDIC_HR, intent, of=of, about=about)


READING = ("read", "find", "list", "check", "title", "unmatched", "value")
"""Last parts of the intents that change nothing."""


@pytest.mark.parametrize(("module", "name", "function"), DOORS, ids=[f"{one[0]}.{one[1]}" for one in DOORS])
def test_what_changes_something_records_it_and_what_reads_does_not(module, name, function):
    (intent,) = asked_in(function)
    source = inspect.getsource(function).replace("looked(hub, ", "")
    records = re.search(r"\((hub, )?permit\b", source) is not None
    only_tells = re.search(r"\ballow\(", source) is None  # whether something may be done, so that it is offered
    assert records is (intent.partition(".")[2] not in READING and not only_tells)
