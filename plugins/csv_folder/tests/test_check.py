"""What `echo-hub connections check` says about a folder."""

from __future__ import annotations

from echo_hub_csv_folder.check import check


def results(folder, **settings):
    return {result.name: result for result in check(folder.context(**settings), folder.pause)}


def test_good_files_are_described_with_the_columns_that_are_read(folder):
    folder.write("people.csv", "Personalnummer;Name;Gehalt\n1;Zoë;9\n2;Bo;8\n", "cp1252")
    folder.write("opportunities.csv", "id,title\n1,T\n")
    said = results(folder)
    assert all(result.ok for result in said.values())
    assert said["people"].message == "people.csv (cp1252, parted by semicolons) has 2 rows, and all can be read."
    assert said["people: columns"].message == (
        "Read: employee_id from 'personalnummer', name from 'name'. Not read: Gehalt."
    )


def test_rows_that_cannot_be_read_are_told_with_their_lines(folder):
    folder.write("people.csv", "employee id,name,country\n1,Ada,Narnia\n" + ",x,\n" * 5)
    said = results(folder, opportunities={"file": ""})
    assert not said["people"].ok
    assert "5 of them cannot be read" in said["people"].message
    assert "people.csv, line 3: employee_id is empty" in said["people"].advice
    assert said["people"].advice.endswith("… and 2 more")
    assert said["people: country"].message == "Not understood and left empty: Narnia (1)."


def test_a_file_that_is_missing_or_empty_does_not_hide_the_other(folder):
    folder.write("opportunities.csv", "id,title\n")
    said = results(folder)
    assert not said["people"].ok
    assert "There is no people.csv" in said["people"].message
    assert not said["opportunities"].ok
    assert "0 rows" in said["opportunities"].message


def test_managers_given_by_name_are_told_and_not_named(folder):
    folder.write("people.csv", "employee id,name,manager\n1,Ada,\n2,Bo,Ada\n3,Cy,1\n")
    told = results(folder, opportunities={"file": ""})["people: manager_id"]
    assert not told.ok
    assert told.message == "In 1 of 3 rows the manager is no employee id of the file."
