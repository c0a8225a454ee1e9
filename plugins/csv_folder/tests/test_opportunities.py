"""An opportunities file becomes jobs, projects, mentorships and learning paths."""

from __future__ import annotations

from datetime import date

import pytest

from echo_core.model import Job, LearningPath, Mentorship, PersonRef, Project, Requirement

HEADER = (
    "id;kind;title;description;skills;desired skills;owner;countries;remote;hours;starts on;ends on;seats;url;tags\n"
)


def test_a_project_with_everything(folder):
    folder.write(
        "opportunities.csv",
        HEADER
        + "P-7;Projekt;Loudness  embed;<p>Eight <b>weeks</b></p>;Python:4|SQL;Rust;00003;Schweden|DE;hybride;37,5;"
        '11.01.2027;05.03.2027;;https://x.example/p7;"sound, embed"\n',
    )
    run = folder.run("opportunities")
    assert run.rejected == []
    assert run.records == [
        Project(
            source_id="P-7",
            title="Loudness embed",
            description="Eight weeks",
            countries=("SE", "DE"),
            remote="hybrid",
            hours_per_week=37.5,
            starts_on=date(2027, 1, 11),
            ends_on=date(2027, 3, 5),
            seats=1,
            owner=PersonRef(scheme="employee_id", value="00003"),
            apply_url="https://x.example/p7",
            requirements=(
                Requirement(label="Python", level=4, level_raw="4"),
                Requirement(label="SQL"),
                Requirement(label="Rust", importance="desired"),
            ),
            tags=("sound", "embed"),
        )
    ]


def test_a_mentorship_and_a_learning_path_teach_their_skills(folder):
    folder.write(
        "opportunities.csv", "id,kind,title,skills,owner\n1,Mentor,M,SQL,Ada@corp.example\n2,formation,C,Go,\n"
    )
    mentorship, path = folder.run("opportunities").records
    assert isinstance(mentorship, Mentorship)
    assert mentorship.owner == PersonRef(scheme="email", value="ada@corp.example")
    assert isinstance(path, LearningPath)
    assert {row.requirements[0].importance for row in (mentorship, path)} == {"teaches"}
    assert (mentorship.seats, path.seats) == (1, None)


def test_languages_are_read_with_or_without_a_level(folder):
    folder.write("opportunities.csv", 'id,title,languages\n1,T,"Englisch (C1), Swedish"\n')
    assert folder.run("opportunities").by_id["1"].languages == ("en", "sv")


def test_a_file_of_one_kind_needs_no_column_for_it(folder):
    folder.write("jobs.csv", "Nr.;Bezeichnung;Status\n1;Analyst;offen\n2;Lead;zu\n3;Clerk;besetzt\n")
    settings = {"file": "jobs.csv", "kind": "job", "statuses": {"ZU": "closed"}}
    jobs = folder.run("opportunities", opportunities=settings).records
    assert all(isinstance(job, Job) for job in jobs)
    assert [job.status for job in jobs] == ["open", "closed", "filled"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (";project;No id;;;;;;;;;;;;", "id"),
        ("1;project;;;;;;;;;;;;;", "title"),
        ("1;quest;T;;;;;;;;;;;;", "kind"),
        ("1;mentorship;T;;;;;;;;;;;;", "owner"),
        ("1;project;T;;;;;Narnia|SE;;;;;;;", "countries"),
        ("1;project;T;;;;;;underwater;;;;;;", "remote"),
        ("1;project;T;;;;;;;many;;;;;", "hours_per_week"),
        ("1;project;T;;;;;;;200;;;;;", "hours_per_week"),
        ("1;project;T;;;;;;;;2027-02-01;2027-01-01;;;", "ends_on"),
        ("1;project;T;;;;;;;;;;1,5;;", "seats"),
    ],
)
def test_a_row_that_cannot_be_read_for_certain_is_refused(folder, row, field):
    folder.write("opportunities.csv", HEADER + "0;project;Good;;;;;;;;;;;;\n" + row + "\n")
    run = folder.run("opportunities")
    (rejected,) = run.rejected
    assert list(run.by_id) == ["0"]
    assert rejected.error.field == field
    assert str(rejected.error).startswith("opportunities.csv, line 3: ")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//x.example", "http://", "https://x.example/a b", "http://[x"])
def test_only_the_address_of_a_page_may_be_followed(folder, url):
    folder.write("opportunities.csv", f"id,title,url\n1,T,{url}\n")
    assert folder.run("opportunities").by_id["1"].apply_url is None
