"""`connections check`: what it finds and what it advises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from echo_core.connectors import CheckResult
from echo_core.testing.company import Company
from echo_hub_workday.sandbox import SandboxReport, WorkdaySandbox

Connect = Callable[..., Any]
Row = Callable[..., dict[str, Any]]


def _by_name(results: list[CheckResult]) -> dict[str, CheckResult]:
    assert len({result.name for result in results}) == len(results)
    assert all(result.advice for result in results if not result.ok)
    return {result.name: result for result in results}


def test_a_good_tenant_passes_every_check(connect: Connect, company: Company) -> None:
    results = connect(WorkdaySandbox.from_company(company)).check()
    assert [result for result in results if not result.ok] == []
    found = _by_name(results)
    assert found["report Echo_Workers"].message == "8 rows about 8 workers."
    assert found["values"].message == "7 people can be read, left out: 1 left_long_ago."
    assert found["work e-mail"].message == "14% of people have no work e-mail; 1 addresses are used by several people."
    assert {"sign-in", "report Echo_Worker_Skills", "report Echo_Worker_Languages", "languages"} <= set(found)


def test_a_wrong_password_ends_the_check_of_people(connect: Connect, company: Company) -> None:
    results = connect(WorkdaySandbox.from_company(company), password="wrong").check()
    assert results[0].name == "sign-in"
    assert not results[0].ok
    assert "name and password" in results[0].advice


def test_a_report_that_is_not_shared_is_named_with_advice(connect: Connect, row: Row) -> None:
    sandbox = WorkdaySandbox({"Echo_Workers": SandboxReport([row()], shared=False)})
    found = _by_name(connect(sandbox, languages={}, skills={"enabled": False}).check())
    assert found["sign-in"].ok
    assert not found["report Echo_Workers"].ok
    assert "Share the report" in found["report Echo_Workers"].advice


def test_a_missing_column_is_named_beside_those_that_were_seen(tenant: Connect, row: Row) -> None:
    found = _by_name(tenant([row(Active=None, CurrentlyActive="1")]).check())
    wrong = found["columns of Echo_Workers"]
    assert not wrong.ok
    assert "Active" in wrong.message
    assert "CurrentlyActive" in wrong.advice
    assert "values" not in found


def test_an_empty_report_is_not_a_good_one(tenant: Connect) -> None:
    found = _by_name(tenant([]).check())
    assert not found["report Echo_Workers"].ok
    assert "filters and prompts" in found["report Echo_Workers"].advice


def test_values_that_cannot_be_read_are_counted_by_column_without_being_quoted(tenant: Connect, row: Row) -> None:
    rows = [row(Workday_ID=f"w{number}", Hire_Date="04/05/2022") for number in range(3)]
    rows += [row(Workday_ID="w8", Worker_Type="Gig Pilot"), row(Workday_ID=None), row(Workday_ID="w9")]
    results = tenant(rows).check()
    found = _by_name(results)
    assert found["values"].message == "1 people can be read. 4 cannot: Hire_Date (3), Worker_Type (1)."
    assert "values.date_order" in found["values"].advice
    assert found["ids"].message == "1 rows have no Workday_ID."
    assert not any("04/05/2022" in result.message + result.advice for result in results)


def test_words_nobody_knows_are_listed_with_the_setting_that_teaches_them(tenant: Connect, row: Row) -> None:
    found = _by_name(tenant([row(Country_ISO2="Narnia", Time_Zone="GMT+01:00 Wardrobe Time (Cair Paravel)")]).check())
    assert "Narnia (1)" in found["countries"].message
    assert "values.countries" in found["countries"].advice
    assert "Cair Paravel" in found["time zones"].message
    assert not found["work e-mail"].ok


def test_sensitive_columns_are_named_so_that_the_report_can_lose_them(tenant: Connect, row: Row) -> None:
    found = _by_name(tenant([row(Date_of_Birth="1960-01-01", Cost_Center="12")]).check())
    assert not found["minimisation"].ok
    assert "Date_of_Birth" in found["minimisation"].message
    assert "1960" not in found["minimisation"].message
    harmless = _by_name(tenant([row(Cost_Center="12")]).check())["minimisation"]
    assert harmless.ok
    assert "1 further columns" in harmless.message
