"""Finding the one person meant."""

from __future__ import annotations

import pytest

from echo_core.model import Person
from echo_hub.services import people as module
from echo_hub.services.errors import AmbiguousPersonError, UnknownPersonError
from echo_hub.services.people import find_people, first_people, one_person


@pytest.mark.parametrize("text", ["workday:person:ana", "E2", "e2", "ANA@x.org", "ana", "Ana Ito", " ana ito ", "Ito"])
def test_finds_by_id_employee_id_mail_user_name_and_name(snapshot, text):
    assert [one.id for one in find_people(snapshot, text)] == ["workday:person:ana"]
    assert one_person(snapshot, text).name == "Ana Ito"


def test_part_of_a_name_may_fit_several_in_the_order_of_their_names(snapshot):
    assert [one.name for one in find_people(snapshot, "berg")] == ["Bo Berg", "Cy Berg"]
    with pytest.raises(AmbiguousPersonError, match="'berg' fits 2 people: Bo Berg") as caught:
        one_person(snapshot, "berg")
    assert len(caught.value.candidates) == 2


def test_nobody_is_an_empty_answer_or_an_error_with_similar_names(snapshot):
    assert find_people(snapshot, "Anna Itoo") == ()
    with pytest.raises(UnknownPersonError, match="Did you mean Ana Ito") as caught:
        one_person(snapshot, "Anna Itoo")
    assert caught.value.candidates[0].id == "workday:person:ana"
    with pytest.raises(UnknownPersonError):
        one_person(snapshot, "  ")


@pytest.mark.parametrize("text", ["workday:person:gone", "E5", "gone@x.org", "gone", "Gus Gone", "Gus"])
def test_somebody_who_left_is_found_only_among_everyone(snapshot, text):
    assert find_people(snapshot, text) == ()
    assert [one.id for one in find_people(snapshot, text, everyone=True)] == ["workday:person:gone"]
    assert one_person(snapshot, text).status == "left"


def test_lists_hold_colleagues_only_unless_everyone_is_asked_for(build, row):
    snapshot = build(
        lambda rows: rows.append(row("workday", "workers", Person(source_id="new", name="Ada New", status="future")))
    )
    names = [one.name for one in first_people(snapshot)]
    assert names == ["Ana Ito", "Berit Boss", "Bo Berg", "Cy Berg", "Lea Lead"]
    assert [one.name for one in first_people(snapshot, everyone=True)] == ["Ada New", *names, "Gus Gone"]
    assert find_people(snapshot, "Ada New") == ()


def test_a_text_that_fits_a_colleague_and_somebody_who_left_means_the_colleague(build, row):
    again = Person(source_id="gus", name="Gus Gone")
    snapshot = build(lambda rows: rows.append(row("workday", "workers", again)))
    assert one_person(snapshot, "Gus Gone").id == "workday:person:gus"


def test_somebody_who_left_is_not_offered_as_a_similar_name(snapshot):
    with pytest.raises(UnknownPersonError) as caught:
        one_person(snapshot, "Guss Gonne")
    assert caught.value.candidates == ()


def test_few_names_of_a_large_company_are_compared_letter_by_letter(build, row, monkeypatch):
    compared = []
    close = module.get_close_matches
    monkeypatch.setattr(
        module, "get_close_matches", lambda word, names, **more: compared.extend(names) or close(word, names, **more)
    )
    crowd = [Person(source_id=f"c{number}", name=f"Anders Person {number}") for number in range(1000)]
    snapshot = build(lambda rows: rows.extend(row("workday", "workers", one) for one in crowd))
    with pytest.raises(UnknownPersonError) as caught:
        one_person(snapshot, "Ana Itto")
    assert caught.value.candidates[0].name == "Ana Ito"
    assert len(compared) <= 200


def test_a_profile_shows_claims_manager_and_sources(snapshot):
    ana = one_person(snapshot, "E2")
    assert ana.manager == "Lea Lead"
    assert ana.sources == ("workday",)
    assert [(one.skill, one.stance, one.level, one.linked) for one in ana.skills] == [
        ("Python", "has", 4, True),
        ("SQL", "has", 3, True),
        ("Kafka", "wants_to_learn", None, True),
        ("Accounting", "avoids", None, True),
    ]


ABROAD = {
    "w1": "Işıl Yıldız",
    "w2": "İBRAHİM ŞAHİN",
    "w3": "Jürgen Groß",
    "w4": "Zoë Müller",
    "w5": "Siobhán O’Brien",
    "w6": "李小龍",
    "w7": "محمد الأحمد",
    "w8": "Nguyễn Văn Đức",
    "w9": "Łukasz Żółć",
    "w10": "Bjørn Ærø",
    "w11": "Arben Krasniqi",
    "w60": "Ann Lee",
    "w61": "Ann Lee",
}


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("jurgen", ["w3"]),
        ("juergen", ["w3"]),
        ("isil", ["w1"]),
        ("ışıl yıldız", ["w1"]),
        ("ibrahim", ["w2"]),
        ("İbrahim", ["w2"]),
        ("O'Brien", ["w5"]),
        ("obrien", ["w5"]),
        ("siobhan", ["w5"]),
        ("lukasz", ["w9"]),
        ("zolc", ["w9"]),
        ("bjorn", ["w10"]),
        ("nguyen van duc", ["w8"]),
        ("Lee, Ann", ["w60", "w61"]),
        ("krasniqi arben", ["w11"]),
        ("李 小龍", ["w6"]),
        ("小龍", ["w6"]),
        ("Zoë", ["w4"]),
        ("zoe", ["w4"]),
        ("groß", ["w3"]),
        ("gross", ["w3"]),
        ("الاحمد", ["w7"]),
        ("mu", ["w4"]),
        ("bjorn lee", []),
        ("—", []),
    ],
)
def test_names_are_found_as_people_type_them(build, row, query, right):
    people = [Person(source_id=key, name=name) for key, name in ABROAD.items()]
    snapshot = build(lambda rows: rows.extend(row("workday", "workers", one) for one in people))
    assert [one.id.rpartition(":")[2] for one in find_people(snapshot, query)] == right


def test_a_similar_name_is_offered_whatever_its_accents(build, row):
    snapshot = build(lambda rows: rows.append(row("workday", "workers", Person(source_id="w3", name="Jürgen Groß"))))
    with pytest.raises(UnknownPersonError) as caught:
        one_person(snapshot, "Jurgen Grooss")
    assert [one.name for one in caught.value.candidates] == ["Jürgen Groß"]
