"""`echo-hub tokens`: made, listed and revoked at the command line."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("tokens") / "echo-hub.toml"
    file.write_text("")
    return file


def test_a_token_is_printed_once_listed_without_itself_and_revoked(file, run_command):
    made = run_command(file, "tokens", "create", "Payroll export", "--role", "auditor", "--days", "30")
    token = made.stdout.strip()
    assert token.startswith("eh_")
    assert "It is shown this once" in made.stderr
    (listed,) = json.loads(run_command(file, "tokens", "list", "--json").stdout)
    assert (listed["name"], listed["roles"], listed["state"]) == ("Payroll export", ["auditor"], "live")
    assert token not in run_command(file, "tokens", "list").stdout
    assert "Token 1 of Payroll export is revoked." in run_command(file, "tokens", "revoke", "1").stderr
    assert "revoked" in run_command(file, "tokens", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--role", "auditor"), "Missing option '--days'"),
        (("--role", "auditor", "--days", "366"), "A token lives from 1 to 365 days, not 366."),
        (("--role", "employee", "--days", "1"), "cannot give what you have not: employee"),
        (("--role", "auditor", "--days", "1", "--only", "run.red"), "did you mean 'run.read'?"),
    ],
)
def test_what_no_token_can_be_is_said(file, run_command, arguments, told):
    code = 2 if "Missing" in told else 1
    assert told in run_command(file, "tokens", "create", "Export", *arguments, code=code).stderr


def test_a_number_of_no_token_is_said(file, run_command):
    assert "There is no service token 99." in run_command(file, "tokens", "revoke", "99", code=1).stderr
