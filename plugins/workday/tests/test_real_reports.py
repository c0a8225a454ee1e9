"""The two recorded reports of real tenants, each through a column mapping of its own, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

Connect = Callable[..., Any]
Shared = Callable[[str], Path]

MOZILLA = {
    "columns": {
        "Workday_ID": "EmployeeID",
        "Worker_ID": "EmployeeID",
        "Worker_Type": "WorkerType",
        "Active": "CurrentlyActive",
        "Work_Email": "PrimaryWorkEmail",
        "Business_Title": "businessTitle",
        "Supervisory_Org_ID": "Cost_Center",
        "Supervisory_Org": "Team",
        "Manager_Workday_ID": "WorkersManagersEmployeeID",
        "Is_Manager": "IsManager",
        "Location": "LocationDescription",
        "City": "LocationCity",
        "Country_ISO2": "LocationCountryISO2",
        "Hire_Date": "HireDate",
    }
}
"""A production report with its own labels: no Workday ID, so the employee id is the key, also of managers."""

FLAGS = {
    "columns": {
        "Worker_ID": "Emp_ID",
        "Worker_Type": "Employee_Type",
        "Work_Email": "Email_Address",
        "Business_Title": "Title",
        "Job_Profile": "Job_Function",
        "Supervisory_Org_ID": "Cost_Center_Code",
        "Supervisory_Org": "Department",
        "Manager_Workday_ID": "Mgr_ID",
        "Is_Manager": "People_Manager_Flag",
        "Country_ISO2": "Work_Country_Code",
        "Termination_Date": "Last_Day_Of_Work",
    },
    "constants": {"Active": "1"},
}
"""A report filtered to active people, with month-first dates and flags spelled five ways."""


def _rows(shared: Shared, name: str) -> list[dict[str, Any]]:
    path = shared(f"fixtures/workday/raas/{name}")
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["Report_Entry"]
    return rows


@pytest.mark.real_input
def test_the_mozilla_report_maps_completely(shared: Shared, tenant: Connect) -> None:
    rows = _rows(shared, "report_people_mozilla.json")
    run = tenant(rows, workers=MOZILLA).run()
    assert len(run.records) == len(rows) == 2
    assert not run.excluded
    assert not run.quarantined
    contractor, engineer = run.by_id["31337"], run.by_id["E8888"]
    assert (contractor.name, contractor.worker_type, contractor.status) == ("Noble Donna", "contingent", "active")
    assert (contractor.country, contractor.time_zone, contractor.city) == ("FR", "Europe/Paris", "France")
    assert (contractor.work_email, contractor.manager_id) == ("ndonna@mozilla.com", "31338")
    assert (contractor.hired_on, contractor.is_manager) == (date(2000, 1, 1), False)
    assert (engineer.employee_id, engineer.worker_type) == ("E8888", "employee")
    assert (engineer.time_zone, engineer.country) == ("America/Los_Angeles", "US")
    assert (engineer.org_unit, engineer.title) == ("Test Productivity (Lead Name)", "Sr Staff Security Engineer")


@pytest.mark.real_input
def test_the_flags_report_maps_completely_once_the_order_of_dates_is_known(shared: Shared, tenant: Connect) -> None:
    rows = _rows(shared, "report_people_flags.json")
    run = tenant(rows, workers=FLAGS, values={"date_order": "month_first"}).run()
    assert len(run.records) == len(rows) == 1
    (person,) = run.records
    assert (person.name, person.worker_type, person.status) == ("Robin Sample", "employee", "active")
    assert (person.hired_on, person.left_on) == (date(2020, 10, 5), date(2035, 10, 5))
    assert (person.country, person.city, person.is_manager) == ("US", "Santa Clara", False)
    assert (person.work_email, person.user_name) == ("rsample@corp.example", "rsample@corp.example")
    assert "home.example" not in json.dumps(run.raws)


@pytest.mark.real_input
def test_the_flags_report_waits_in_quarantine_until_then(shared: Shared, tenant: Connect) -> None:
    run = tenant(_rows(shared, "report_people_flags.json"), workers=FLAGS).run()
    assert not run.records
    assert len(run.quarantined) == 1
    assert "values.date_order" in str(run.quarantined[0])


@pytest.mark.real_input
def test_the_check_tells_what_such_a_report_should_lose(shared: Shared, tenant: Connect) -> None:
    connection = tenant(_rows(shared, "report_people_flags.json"), workers=FLAGS, values={"date_order": "month_first"})
    found = {result.name: result for result in connection.check()}
    assert "Email_-_Primary_Home" in found["minimisation"].message
    assert "Street_Address" in found["minimisation"].message
    assert "Robin" not in str(found)
