"""A people file becomes people, whoever exported it and however; what cannot be read is told with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.connectors import ContractError, RecordError
from echo_core.model import Language, Person, SkillClaim
from echo_hub_csv_folder.columns import OPPORTUNITIES, PEOPLE
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.streams import streams

JOERG = Person(
    source_id="00017",
    employee_id="00017",
    name="Jörg Größe",
    work_email="joerg@corp.example",
    title="Ingénieur",
    org_unit="Plattform; Daten",
    manager_id="00003",
    country="DE",
    city="Köln",
    hired_on=date(2019, 4, 1),
    status="on_leave",
    languages=(Language(code="de", level=5), Language(code="en", level=4)),
    skills=(
        SkillClaim(label="Python", level=5, level_raw="expert", asserter="vendor"),
        SkillClaim(label="SQL", level=3, level_raw="3", asserter="vendor"),
        SkillClaim(label="AWS: Lambda", asserter="vendor"),
        SkillClaim(label="Go (language)", asserter="vendor"),
    ),
)
ENGLISH = (
    'Employee ID,First name,Last name,Email,Job title,Department,Manager,'
    'Country,City,Hire date,Status,Languages,Skills\r\n'
    '00017,Jörg,Größe,Joerg@Corp.example,Ingénieur,Plattform; Daten,00003,Germany,Köln,2019-04-01,On leave,'
    '"German (native), English (C1)","Python (expert), SQL: 3, AWS: Lambda, Go (language)"\r\n'
)  # fmt: skip
GERMAN = (
    "sep=;\r\n"
    "Personalnummer;Vorname;Nachname;E-Mail;Stelle;Abteilung;Vorgesetzter;Land;Ort;Eintritt;Status;Sprachen;Kenntnisse;;\r\n"
    '00017;Jörg;Größe;joerg@corp.example;Ingénieur;"Plattform; Daten";00003;Deutschland;Köln;01.04.2019;beurlaubt;'
    '"Deutsch (Muttersprache); Englisch (C1)";"Python (expert)\nSQL: 3\nAWS: Lambda\nGo (language)";;\r\n'
)
FRENCH = (
    "Matricule\tPrénom\tNom\tCourriel\tPoste\tService\tMatricule du manager\t"
    "Pays\tVille\tDate d’embauche\tStatut\tLangues\t"
    "Compétences\r\n"
    "00017\tJörg\tGröße\tjoerg@corp.example\tIngénieur\tPlattform; Daten\t00003\t"
    "Allemagne\tKöln\t01/04/2019\ten congé\t"
    "allemand (native) | anglais (C1)\tPython (expert) | SQL: 3 | AWS: Lambda | Go (language)\r\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        (ENGLISH, "utf-8-sig"),
        (GERMAN, "cp1252"),
        (GERMAN, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "cp1252"),
    ],
)
def test_one_person_is_the_same_from_every_country_s_spreadsheet(folder, text, encoding):
    folder.write("people.csv", text, encoding)
    run = folder.run(date_order="day_first")
    assert (run.records, run.rejected) == ([JOERG], [])


def test_a_code_page_can_be_named(folder):
    folder.write("people.csv", "employee id;name\n1;Łukasz Żak\n", "cp1250")
    assert folder.run(code_page="cp1250").by_id["1"].name == "Łukasz Żak"


def test_a_bad_row_is_told_with_file_and_line_and_costs_no_other(folder):
    folder.write(
        "people.csv",
        "employee id;name;hired_on;status;worker_type\n"
        '1;"Ada\nKing";2019-04-01;;\n'
        ";Nobody;;;\n"
        "3;;;;\n"
        "4;Dee;10/05/2026;;\n"
        "5;Eve;31.02.2026;;\n"
        "6;Flo;;asleep;\n"
        "7;Gus;;;wizard\n"
        "8;Hal;;active;employee;oops\n"
        "1;Ada again;;;\n"
        "1,23457E+11;Ivy;;;\n"
        f"10;{'x' * 301};;;\n"
        "11;Kim;;;\n",
    )
    run = folder.run()
    assert {person.source_id: person.name for person in run.records} == {"1": "Ada King", "11": "Kim"}
    told = [(rejected.key, rejected.error.field, str(rejected.error)) for rejected in run.rejected]
    assert [(key, field) for key, field, _ in told] == [
        (None, "employee_id"),
        ("3", "name"),
        ("4", "hired_on"),
        ("5", "hired_on"),
        ("6", "status"),
        ("7", "worker_type"),
        ("8", "row"),
        ("1", "row"),
        ("1,23457E+11", "employee_id"),
        ("10", "name"),
    ]
    for line, (_, _, message) in enumerate(told, start=4):
        assert message.startswith(f"people.csv, line {line}: ")
    assert "stands in line 2 already" in told[7][2]
    assert "rounded by a spreadsheet" in told[8][2]
    assert not [cell for cell in ("asleep", "wizard", "10/05") if any(cell in message for _, _, message in told)]


def test_rows_may_end_early_where_the_settings_say_so(folder):
    folder.write("people.csv", "employee id,name,city,country\n1,Ada,Paris\n2,Bo\n")
    assert len(folder.run().rejected) == 2
    assert [person.city for person in folder.run(short_rows=True).records] == ["Paris", None]


def test_own_headers_and_words_come_from_the_settings(folder):
    folder.write("people.csv", "Stamm;Wer;Name;Zustand;Art\n1;Ada;x;ruhend;AT\n2;Bo;x;;Extern\n")
    people = {
        "columns": {"employee_id": "stamm", "name": "WER", "status": "Zustand", "worker_type": "Art"},
        "statuses": {"Ruhend": "on_leave"},
        "worker_types": {"at": "employee"},
    }
    ada, bo = folder.run(people=people).records
    assert (ada.name, ada.status, ada.worker_type) == ("Ada", "on_leave", "employee")
    assert (bo.status, bo.worker_type) == ("active", "contingent")


@pytest.mark.parametrize(
    ("header", "columns", "told"),
    [
        (
            "number,name",
            {},
            r"No column is employee_id\. Name its header under people\.columns.*there are number, name",
        ),
        ("employee id,first name", {}, "No column is name"),
        ("employee id,name,Name", {}, "Two columns are called 'name'; which of them is name"),
        ("employee id,name", {"title": "Rolle"}, "no column 'Rolle', which the settings name for title"),
    ],
)
def test_a_header_that_leaves_a_doubt_ends_the_run(folder, header, columns, told):
    folder.write("people.csv", f"{header}\n1,2,3\n")
    with pytest.raises(ContractError, match=told):
        folder.run(people={"columns": columns})


def test_columns_that_nobody_reads_never_leave_the_file_and_may_stand_twice(folder):
    folder.write("people.csv", "employee id,name,salary,note,note\n1,Ada,90000,secret,secret\n")
    run = folder.run()
    assert run.raws == [{"file": "people.csv", "line": 2, "employee_id": "1", "name": "Ada"}]
    assert len(run.records) == 1


def test_what_nobody_knows_of_country_and_language_is_left_empty(folder):
    folder.write("people.csv", "employee id,name,country,languages,email\n1,Ada,Narnia,Elvish|French,ask me\n")
    (ada,) = folder.run().records
    assert (ada.country, ada.languages, ada.work_email) == (None, (Language(code="fr"),), None)


def test_nobody_is_their_own_manager(folder):
    folder.write("people.csv", "employee id,name,manager\n1,Ada,1\n2,Bo,1\n")
    assert [person.manager_id for person in folder.run().records] == [None, "1"]


def test_skills_to_learn_and_to_teach_are_claims_of_their_own(folder):
    folder.write("people.csv", "employee id,name,skills,wants to learn,teaches\n1,Ada,Go,Rust,SQL:4\n")
    (ada,) = folder.run().records
    assert [(claim.label, claim.stance, claim.level) for claim in ada.skills] == [
        ("Go", "has", None),
        ("Rust", "wants_to_learn", None),
        ("SQL", "teaches", 4),
    ]


def test_a_large_file_comes_in_pages(folder):
    rows = "".join(f"{number},Person {number}\n" for number in range(1_201))
    folder.write("people.csv", f"employee id,name\n{rows}")
    run = folder.run()
    assert [len(page.records) for page in run.pages] == [500, 500, 201]
    assert len(run.by_id) == 1_201


CELL = st.one_of(st.text(max_size=30), st.from_regex(r"\A[-0-9./,:E+()|; aé@]{0,20}\Z"))


@given(st.data())
def test_a_row_is_a_record_or_is_told_with_its_line_whatever_stands_in_it(data):
    for stream, columns in zip(streams(CsvFolderConfig(folder=Path("/srv"))), (PEOPLE, OPPORTUNITIES), strict=True):
        cells = data.draw(st.fixed_dictionaries({}, optional={column.name: CELL for column in columns}))
        raw = stream.raw.model_validate({"file": "a.csv", "line": 7, **cells})
        told, record = "", None
        try:
            (record,) = stream.map(raw, CsvFolderConfig(folder=Path("/srv")))
        except RecordError as error:
            told = str(error)
        if record is None:
            assert told.startswith("a.csv, line 7: ")
        else:
            assert record.source_id == stream.key(cells).strip()
