"""Nothing is hidden without a named rule, and every record is accounted for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from echo_core.model import PersonRef, Requirement


def listed(snapshot):
    return {one.record.source_id for one in snapshot.listings}


def test_a_post_is_visible_only_while_its_requisition_is_open(draft):
    draft.requisition("r-open")
    draft.requisition("r-draft", "draft")
    draft.requisition("r-closed", "closed")
    for name in ("open", "draft", "closed", "missing"):
        draft.job(name, requisition_id=f"r-{name}")
    draft.job("prospect")
    snapshot = draft.snapshot()
    assert listed(snapshot) == {"open", "prospect"}
    assert snapshot.hidden == {
        "greenhouse:job:draft": "requisition_draft",
        "greenhouse:job:closed": "requisition_closed",
        "greenhouse:job:missing": "requisition_missing",
    }


@pytest.mark.parametrize("status", ["paused", "filled", "closed"])
def test_what_is_not_open_is_not_listed(draft, status):
    draft.project("p", status=status)
    assert draft.snapshot().hidden == {"exchange:project:p": "not_open"}


def test_what_is_over_or_retired_is_not_listed(draft):
    draft.project("past", ends_on=date(2026, 3, 1))
    draft.project("today", ends_on=date(2026, 3, 2))
    draft.path("gone", retires_on=date(2026, 3, 2))
    draft.path("soon", retires_on=date(2026, 3, 3))
    snapshot = draft.snapshot()
    assert listed(snapshot) == {"today", "soon"}
    assert snapshot.hidden == {"exchange:project:past": "ended", "lxp:learning_path:gone": "retired"}


def test_single_videos_and_books_are_content_and_not_opportunities(draft):
    for kind in ("path", "course", "certification", "video", "book", "article"):
        draft.path(kind, content_kind=kind)
    snapshot = draft.snapshot()
    assert listed(snapshot) == {"path", "course", "certification"}
    assert set(snapshot.hidden.values()) == {"content_kind"}


def test_one_job_per_requisition_and_the_internal_post_comes_first(draft):
    draft.requisition("r")
    posted = datetime(2026, 2, 1, tzinfo=UTC)
    draft.job("external", requisition_id="r", audience="external", posted_at=datetime(2026, 3, 1, tzinfo=UTC))
    draft.job("internal", requisition_id="r", posted_at=posted)
    draft.job("older", requisition_id="r", posted_at=datetime(2026, 1, 1, tzinfo=UTC))
    snapshot = draft.snapshot()
    assert listed(snapshot) == {"internal"}
    assert set(snapshot.hidden.values()) == {"one_post_per_requisition"}


def test_an_external_post_stands_in_when_the_internal_one_is_closed(draft):
    draft.requisition("r")
    draft.job("external", requisition_id="r", audience="external")
    draft.job("internal", requisition_id="r", status="closed")
    assert listed(draft.snapshot()) == {"external"}


def test_a_mentor_who_left_is_not_listed_and_an_unknown_one_is(draft):
    draft.person("w1", employee_id="E1", status="left")
    draft.mentor("gone", "E1")
    draft.mentor("unknown", "E404")
    snapshot = draft.snapshot()
    assert listed(snapshot) == {"unknown"}
    assert snapshot.hidden == {"exchange:mentorship:gone": "mentor_left"}


def test_every_stored_record_is_accounted_for(draft):
    draft.person("w1", employee_id="E1")
    draft.person("w2", employee_id="E2")
    draft.person("user:x", connection="exchange", work_email="no@x.org")
    draft.requisition("r", "closed")
    draft.job("j1", requisition_id="r")
    draft.job("j2")
    draft.unit("u", "Data")
    draft.path("video", content_kind="video")
    snapshot = draft.snapshot()
    assert sum(one.stored for one in snapshot.accounting) == len(draft.rows)
    assert all(one.stored == one.listed + sum(one.hidden.values()) for one in snapshot.accounting)
    by_entity = {(one.connection, one.entity): one for one in snapshot.accounting}
    assert dict(by_entity["exchange", "person"].hidden) == {"unmatched": 1}
    assert by_entity["greenhouse", "job"].listed == 1


def test_countries_come_from_places_people_and_country_names_and_are_never_guessed(draft):
    draft.person("w1", city="Gothenburg", country="SE")
    draft.person("w2", city="Springfield", country="US")
    draft.person("w3", city="Springfield", country="CA")
    draft.place("hq", name="Head office", country="DE")
    draft.place("floor", name="Third floor", parent_id="hq")
    draft.job("by-place", place_ids=("floor",))
    draft.job("by-city", location="Gothenburg")
    draft.job("by-name", location="Wonderville, Germany")
    draft.job("several", location="London, UK; Gothenburg, Sweden")
    draft.job("two-letters", location="San Francisco, CA")
    draft.job("like-a-country", location="Lebanon, TN, US")
    draft.job("like-a-country-too", location="Palestine, TX")
    draft.job("ghana", location="Accra, Ghana")
    draft.job("twice", location="Springfield")
    draft.job("stated", countries=("FR",), location="Gothenburg")
    draft.job("remote-in", location="Remote - Germany", remote="remote", place_ids=("hq",))
    draft.job("remote", location="Remote", remote="remote", place_ids=("hq",))
    draft.path("learning", location="Gothenburg")
    countries = {one.record.source_id: one.countries for one in draft.snapshot().listings}
    assert countries == {
        "by-place": ("DE",), "by-city": ("SE",), "by-name": ("DE",), "several": ("GB", "SE"), "two-letters": (),
        "like-a-country": ("US",), "like-a-country-too": (), "ghana": ("GH",),
        "twice": (), "stated": ("FR",), "remote-in": ("DE",), "remote": (), "learning": (),
    }  # fmt: skip


def test_the_requisition_lends_its_unit_place_and_hiring_manager_to_the_post(draft):
    draft.person("w1", employee_id="E1", name="Hana")
    draft.unit("root", "Acme")
    draft.unit("eng", "Engineering", "root")
    draft.unit("data", "Data", "eng")
    draft.place("hq", name="Berlin HQ", country="DE")
    manager = PersonRef(scheme="employee_id", value="E1")
    draft.requisition("r", org_unit_ids=("data",), place_ids=("hq",), hiring_manager=manager)
    draft.job("j", requisition_id="r")
    (one,) = draft.snapshot().listings
    assert one.departments == ("Data", "Engineering")
    assert (one.location, one.countries, one.owner_name) == ("Berlin HQ", ("DE",), "Hana")


def test_needs_keep_their_level_and_the_stronger_mention(draft):
    draft.job(
        "j",
        Requirement(label="SQL", importance="desired"),
        Requirement(label="Structured Query Language", level=4),
    )
    (one,) = draft.snapshot().listings
    assert [(requirement.skill_id, requirement.importance, requirement.level) for requirement in one.requirements] == [
        ("tiny:sql", "essential", 4)
    ]
