"""Raw rows to people and skills."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from echo_core.connectors import RecordError
from echo_core.model import Excluded, Language, Person
from echo_hub_workday.mapping import asserter_of, map_skill, map_worker, skill_key
from echo_hub_workday.raw import SkillRaw, WorkerRaw

READ_ON = date(2026, 3, 2)
Config = Callable[..., Any]
Row = Callable[..., dict[str, Any]]


def _mapped(config: Any, *rows: dict[str, Any], languages: tuple[dict[str, Any], ...] = ()) -> Any:
    raw = {"Workday_ID": rows[0].get("Workday_ID", ""), "Read_On": READ_ON, "rows": rows, "languages": languages}
    (record,) = map_worker(WorkerRaw.model_validate(raw), config)
    return record


def test_every_column_of_the_contract_reaches_its_field(config: Config, row: Row) -> None:
    person = _mapped(
        config(),
        row(
            Universal_ID="U-9",
            Worker_Type="Contingent Worker",
            Worker_ID="C-0042X",
            On_Leave="N",
            Work_Email="Ada@Acme.Example",
            User_Name="ada",
            Business_Title="R&amp;D Engineer",
            Job_Profile="Engineer",
            Management_Level="Individual Contributor",
            Manager_Workday_ID="b" * 32,
            Is_Manager="Y",
            Location_ID="LOC-1",
            Location="Paris, Opéra",
            City="Paris",
            Country_ISO2="France",
            Time_Zone="GMT+01:00 Central European Time (Paris)",
            FTE="80",
            Position_Start_Date="2022-01-01-08:00",
            Last_Functionally_Updated="2026-02-01T07:00:00.000-08:00",
        ),
        languages=({"Language": "French", "Native": "1"},),
    )
    assert person == Person(
        source_id="a" * 32,
        source_url="https://wd5.myworkday.com/acme/d/home.htmld",
        updated_at=datetime(2026, 2, 1, 15, tzinfo=UTC),
        name="Ada Example",
        worker_type="contingent",
        status="active",
        employee_id="C-0042X",
        human_id="U-9",
        work_email="ada@acme.example",
        user_name="ada",
        title="R&D Engineer",
        job_profile="Engineer",
        management_level="Individual Contributor",
        manager_id="b" * 32,
        is_manager=True,
        org_unit_id="SUP-1",
        org_unit="Platform",
        place_id="LOC-1",
        location="Paris, Opéra",
        city="Paris",
        country="FR",
        time_zone="Europe/Paris",
        fte=0.8,
        hired_on=date(2020, 5, 1),
        in_position_since=date(2022, 1, 1),
        languages=(Language(code="fr", level=5),),
    )


def test_a_row_with_required_columns_only_is_a_person(config: Config, row: Row) -> None:
    person = _mapped(config(), row())
    assert (person.name, person.work_email, person.is_manager, person.country) == ("Ada Example", None, None, None)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"Active": "1"}, "active"),
        ({"Active": "Active"}, "active"),
        ({"Active": "1", "On_Leave": "Yes"}, "on_leave"),
        ({"Active": "0", "On_Leave": "1"}, "left"),
        ({"Active": "0", "Termination_Date": "2026-02-01"}, "left"),
        ({"Active": "Terminated"}, "left"),
        ({"Active": "0", "Hire_Date": "2026-04-01"}, "future"),
        ({"Active": "0", "Hire_Date": "2026-03-02"}, "future"),
        ({"Active": "0", "Hire_Date": "2026-02-20"}, "left"),
        ({"Active": "0", "Hire_Date": "2026-04-01", "Termination_Date": "2024-01-01"}, "future"),
        ({"Active": "0", "Hire_Date": "2026-04-01", "Termination_Date": "2026-04-01"}, "left"),
        ({"Active": "1", "Hire_Date": "2026-01-01", "Termination_Date": "2018-06-30"}, "active"),
    ],
)
def test_the_active_flag_decides_and_old_terminations_do_not(
    config: Config, row: Row, changes: dict[str, Any], wanted: str
) -> None:
    assert _mapped(config(keep_leavers_days=10_000), row(**changes)).status == wanted


def test_a_rehired_person_keeps_no_old_leaving_date(config: Config, row: Row) -> None:
    again = _mapped(config(), row(Hire_Date="2026-01-01", Termination_Date="2018-06-30"))
    notice = _mapped(config(), row(Termination_Date="2026-05-31"))
    assert (again.left_on, notice.left_on, notice.status) == (None, date(2026, 5, 31), "active")


def test_nobody_is_shown_without_knowing_whether_they_work_here(config: Config, row: Row) -> None:
    with pytest.raises(RecordError, match="Active is empty"):
        _mapped(config(), row(Active=None))
    with pytest.raises(RecordError, match="neither yes nor no"):
        _mapped(config(), row(Active="perhaps"))


def test_somebody_inactive_needs_the_day_of_the_run(config: Config, row: Row) -> None:
    raw = WorkerRaw.model_validate({"Workday_ID": "w1", "rows": [row(Active="0")]})
    with pytest.raises(RecordError, match="day of the run"):
        list(map_worker(raw, config()))
    raw = WorkerRaw.model_validate({"Workday_ID": "w1", "rows": [row()]})
    assert len(list(map_worker(raw, config()))) == 1


def test_an_erased_person_is_left_out(config: Config, row: Row) -> None:
    for blank in (None, " "):
        assert _mapped(config(), row(Preferred_Name=blank)) == Excluded(
            entity="person", source_id="a" * 32, rule="erased"
        )


def test_people_who_left_long_ago_are_left_out(config: Config, row: Row) -> None:
    left = row(Active="0", Termination_Date="2025-12-02")
    assert _mapped(config(), left).status == "left"
    assert _mapped(config(keep_leavers_days=89), left) == Excluded(
        entity="person", source_id="a" * 32, rule="left_long_ago"
    )


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("Employee", "employee"), ("Regular", "employee"), ("Contingent Worker", "contingent"),
        ("Contractor", "contingent"), ("Vendor", "contingent"), ("associate", "employee"),
        ([{"ID": "T-1", "Descriptor": "Employee"}], "employee"),
    ],
)  # fmt: skip
def test_worker_types_are_words_of_ours_or_the_company_s(config: Config, row: Row, word: Any, wanted: str) -> None:
    own = config(values={"worker_types": {"Associate": "employee"}})
    assert _mapped(own, row(Worker_Type=word)).worker_type == wanted


def test_an_unknown_worker_type_is_refused_with_advice(config: Config, row: Row) -> None:
    with pytest.raises(RecordError, match=r"values\.worker_types"):
        _mapped(config(), row(Worker_Type="Gig Pilot"))


def test_an_unknown_country_or_zone_is_left_empty_and_the_words_stay(config: Config, row: Row) -> None:
    person = _mapped(config(), row(Country_ISO2="Narnia", Time_Zone="GMT+01:00", Location="Narnia HQ"))
    assert (person.country, person.time_zone, person.location) == (None, None, "Narnia HQ")


def test_a_worker_does_not_manage_himself(config: Config, row: Row) -> None:
    assert _mapped(config(), row(Manager_Workday_ID="a" * 32)).manager_id is None
    grouped = row(Manager_Workday_ID=[{"Descriptor": "Grace", "ID": "b" * 32}])
    assert _mapped(config(), grouped).manager_id == "b" * 32


def test_several_rows_of_a_worker_are_one_person_whatever_their_order(config: Config, row: Row) -> None:
    main = row(FTE="80", Supervisory_Org_ID="SUP-9", Supervisory_Org="Platform", Business_Title="Engineer")
    side = row(FTE="20", Supervisory_Org_ID="SUP-1", Supervisory_Org="Guild", Is_Manager="Y", User_Name="ada")
    third = row(Supervisory_Org_ID="SUP-2", Supervisory_Org="Choir", Work_Email="ada@acme.example")
    one, other = _mapped(config(), main, side, third), _mapped(config(), third, side, main)
    assert one == other
    assert (one.title, one.org_unit, one.teams, one.fte) == ("Engineer", "Platform", ("Choir", "Guild"), 0.8)
    assert (one.is_manager, one.user_name, one.work_email) == (True, "ada", "ada@acme.example")


def test_position_values_of_another_row_do_not_fill_the_main_one(config: Config, row: Row) -> None:
    person = _mapped(config(), row(FTE="100"), row(FTE="10", Business_Title="Guild Member", City="Oslo"))
    assert (person.title, person.city) == (None, None)


def test_languages_are_joined_by_tag(config: Config, row: Row) -> None:
    rows = (
        {"Language": "German", "Ability": "Speaking", "Proficiency": "Proficient", "Native": "0"},
        {"Language": "Deutsch", "Ability": "Reading", "Proficiency": "Expert"},
        {"Language": "English", "Native": "Yes"},
        {"Language": "Klingon", "Proficiency": "Expert"},
    )
    assert _mapped(config(), row(), languages=rows).languages == (
        Language(code="de", level=3),
        Language(code="en", level=5),
    )


def test_the_profile_link_is_the_company_s_own_when_given(config: Config, row: Row) -> None:
    own = config(profile_url="https://wd5.myworkday.com/acme/d/worker?id={worker_id}&wid={workday_id}")
    link = _mapped(own, row(Worker_ID="E 1&x")).source_url
    assert link == f"https://wd5.myworkday.com/acme/d/worker?id=E%201%26x&wid={'a' * 32}"


def test_a_row_of_nobody_is_refused_with_advice() -> None:
    for raw in ({}, {"Workday_ID": ""}, {"Workday_ID": "  "}):
        with pytest.raises(ValidationError, match="belongs to nobody"):
            WorkerRaw.model_validate({**raw, "Read_On": READ_ON, "rows": [{"Active": "1"}]})
        with pytest.raises(ValidationError, match="belongs to nobody"):
            SkillRaw.model_validate({**raw, "Skill": "Python"})


def test_a_skill_keeps_its_id_its_words_and_who_says_so(config: Config) -> None:
    raw = {"Workday_ID": "w1", "Skill_ID": "SKILL-3", "Skill": "Python", "Source": "Worker", "Level": "Advanced"}
    (assertion,) = map_skill(SkillRaw.model_validate(raw), config())
    assert assertion.source_id == skill_key(raw) == "w1/person/SKILL-3"
    assert (assertion.person.scheme, assertion.person.value) == ("source", "w1")
    claim = assertion.claim
    assert (claim.label, claim.scheme, claim.external_id) == ("Python", "workday", "SKILL-3")
    assert (claim.level, claim.level_raw, claim.asserter, claim.evidence) == (4, "Advanced", "person", "Worker")


def test_a_skill_without_an_id_is_keyed_by_its_name() -> None:
    keys = {skill_key({"Workday_ID": "w1", "Skill": skill}) for skill in ("C", "C++", "C#", "c#")}
    assert keys == {"w1/person/c", "w1/person/c++", "w1/person/c#"}
    assert skill_key({"Workday_ID": "", "Skill": "C"}) is None
    assert skill_key({"Workday_ID": "w1"}) is None


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (None, "person"), ("Worker", "person"), ("Self", "person"), ("Manager", "manager"),
        ("Inferred by Skills Cloud", "vendor"), ("Workday", "vendor"), ("Assessment", "assessment"),
        ("Something else", "vendor"),
    ],
)  # fmt: skip
def test_what_a_machine_says_is_not_what_a_person_says(source: str | None, wanted: str) -> None:
    assert asserter_of(source) == wanted


def test_mapping_leaves_its_input_alone_and_repeats_itself(config: Config, row: Row) -> None:
    raw = WorkerRaw.model_validate({"Workday_ID": "a" * 32, "Read_On": READ_ON, "rows": [row()]})
    before = raw.model_dump_json()
    assert list(map_worker(raw, config())) == list(map_worker(raw, config()))
    assert raw.model_dump_json() == before
