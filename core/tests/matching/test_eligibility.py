"""Hard rules: each says what it found, and none can be bought with points."""

from __future__ import annotations

import numpy as np
import pytest

from echo_core.matching import (
    THEY,
    YOU,
    EligibilityFacts,
    EligibilityPerson,
    OpportunityFacts,
    PersonFacts,
    eligible,
    verdicts,
)
from echo_core.model.message import Message

COUNTRIES = ("DE", "SE")
LANGUAGES = ("de", "en", "fr")


def opportunity(**changes):
    """One opportunity's columns, open to everybody unless told otherwise."""
    given = {"open": True, "seats": -1, "seats_taken": 0, "owner": 9, "owner_active": True, "owner_enter": 50}
    given |= {"owner_leave": 51, "mentoring": False, "movable": False, "countries": (), "languages": (), **changes}
    facts = OpportunityFacts(
        kind=np.array([0]),
        remote=np.array([False]),
        countries=np.array([[code in given["countries"] for code in COUNTRIES]]),
        languages=np.array([[code in given["languages"] for code in LANGUAGES]]),
        hours=np.array([np.nan]),
        id_rank=np.array([0]),
    )
    whole = {key: given.pop(key) for key in ("zone_gaps", "most_apart") if key in given}
    columns = {key: np.array([value]) for key, value in given.items() if key not in ("countries", "languages")}
    return EligibilityFacts(facts=facts, countries=COUNTRIES, languages=LANGUAGES, **columns, **whole)


def person(**changes):
    """Someone active in Germany who speaks German, in the middle of a reporting line."""
    facts = PersonFacts(country=0, country_known=True, languages=(0,), languages_known=True, english=1)
    given = {"row": 3, "status": "active", "facts": facts, "enter": 10, "leave": 20, "country": "DE", "spoken": ("de",)}
    return EligibilityPerson(**{**given, **changes})


def said(who, what, rule, voice=THEY):
    return next(one for one in verdicts(who, what, 0, voice) if one.name == rule)


def closed(who, what):
    found = {one.name: one.message for one in verdicts(who, what, 0) if not one.passed}
    assert all(one.speaks == "against" for one in verdicts(who, what, 0) if not one.passed)
    assert bool(eligible(who, what)[0]) is (not found)
    return found


def test_lets_through_what_nothing_speaks_against():
    assert closed(person(), opportunity()) == {}


@pytest.mark.parametrize(
    ("status", "passes"), [("active", True), ("on_leave", True), ("future", False), ("left", False)]
)
def test_only_people_who_are_there_take_something_up(status, passes):
    assert ("person_active" not in closed(person(status=status), opportunity())) is passes


def test_a_closed_opportunity_is_closed():
    assert closed(person(), opportunity(open=False)) == {"open": Message("gate-closed")}


def test_capacity_is_a_gate_and_says_the_numbers():
    full = opportunity(mentoring=True, seats=2, seats_taken=2)
    assert closed(person(), full) == {
        "seats_left": Message("gate-seats-taken", {"taken": 2, "seats": 2, "of": "mentees"})
    }
    free = said(person(), opportunity(seats=3, seats_taken=1), "seats_left")
    assert free.message == Message("gate-seats-free", {"free": 2, "seats": 3})


def test_a_job_at_an_office_abroad_can_be_moved_to_and_says_so_of_the_job_not_of_the_person():
    abroad = opportunity(countries=("SE",), movable=True)
    assert closed(person(), abroad) == {}
    note = said(person(), abroad, "country")
    assert note.message == Message("gate-country-move", {"who": THEY, "countries": ("SE",), "country": "DE"})
    assert note.speaks == "open"


def test_country_is_a_gate_unless_unknown():
    abroad = opportunity(countries=("SE",))
    assert closed(person(), abroad) == {
        "country": Message("gate-country", {"who": THEY, "countries": ("SE",), "country": "DE"})
    }
    elsewhere = PersonFacts(country=-1, country_known=True)
    assert "country" in closed(person(facts=elsewhere, country="BR"), abroad)
    unknown = PersonFacts()
    assert closed(person(facts=unknown, country=None), abroad) == {}
    note = said(person(facts=unknown, country=None), abroad, "country")
    assert note.message == Message("gate-country-unknown", {"who": THEY, "countries": ("SE",)})
    assert note.speaks == "open"


def test_language_is_a_gate_unless_unknown_or_english():
    assert closed(person(), opportunity(languages=("fr",))) == {
        "language": Message("gate-language", {"who": THEY, "languages": ("fr",), "spoken": ("de",)})
    }
    assert closed(person(), opportunity(languages=("fr", "de"))) == {}
    assert closed(person(), opportunity(languages=("en",))) == {}
    strict = PersonFacts(country=0, country_known=True, languages=(0,), languages_known=True, english=-1)
    assert "language" in closed(person(facts=strict), opportunity(languages=("en",)))
    assert closed(person(facts=PersonFacts()), opportunity(languages=("fr",))) == {}


def test_ones_own_is_not_for_oneself():
    assert closed(person(row=9), opportunity()) == {"not_own": Message("gate-own", {"who": THEY})}


@pytest.mark.parametrize(
    ("owner", "mentoring", "blocked"),
    [((5, 30), True, True), ((12, 14), True, True), ((30, 40), True, False), ((5, 30), False, False)],
    ids=["manager above", "report below", "other line", "not mentoring"],
)
def test_mentoring_stays_outside_the_reporting_line_both_ways(owner, mentoring, blocked):
    one = opportunity(owner_enter=owner[0], owner_leave=owner[1], mentoring=mentoring)
    assert ("reporting_line" in closed(person(), one)) is blocked


def test_a_mentor_who_is_not_there_cannot_mentor():
    assert "owner_there" in closed(person(), opportunity(mentoring=True, owner_active=False))


def test_an_owner_who_is_not_on_file_is_said_to_be_there_nowhere():
    nobody = opportunity(mentoring=True, owner=-1, owner_active=False)
    assert closed(person(), nobody) == {}
    assert said(person(), nobody, "owner_there").message == Message("gate-owner-unknown")
    assert said(person(), nobody, "not_own").message == Message("gate-owner-nobody")


def test_completed_learning_is_not_offered_again():
    assert closed(person(done=np.array([0])), opportunity()) == {"not_done": Message("gate-done")}


@pytest.mark.parametrize(
    ("apart", "most", "blocked"),
    [(9.0, 6.0, True), (6.0, 6.0, False), (float("nan"), 6.0, False), (9.0, np.inf, False)],
)
def test_mentoring_across_too_many_hours_is_closed_where_the_operator_says_so(apart, most, blocked):
    zones = {"owner_zone": 1, "mentoring": True}
    one = opportunity(**zones, zone_gaps=np.array([[0.0, apart], [apart, 0.0]]), most_apart=most)
    assert ("time_zone" in closed(person(zone=0), one)) is blocked
    if blocked:
        assert closed(person(zone=0), one)["time_zone"] == Message("gate-zone-apart", {"hours": 9.0, "most": 6.0})
    assert "time_zone" not in closed(person(zone=-1), one)


def test_gates_speak_to_the_person_too():
    what = opportunity(countries=("SE",), languages=("fr",))
    for rule in ("country", "language", "person_active"):
        assert said(person(), what, rule, YOU).message.values["who"] == YOU
        assert said(person(), what, rule).message.values["who"] == THEY
    assert said(person(row=9), what, "not_own", YOU).message == Message("gate-own", {"who": YOU})
