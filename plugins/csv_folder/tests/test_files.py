"""Which file of the folder is read, and that no half of one is."""

from __future__ import annotations

import os

import pytest

from echo_core.connectors import ContractError, TransientError

PEOPLE = "employee id,name\n1,Ada\n2,Bo\n"


def test_a_name_is_found_whatever_its_case(folder):
    folder.write("People.CSV", PEOPLE)
    assert list(folder.run().by_id) == ["1", "2"]


def test_of_several_files_that_fit_the_one_changed_last_is_read(folder):
    folder.write("list-2026-03.csv", PEOPLE, age_s=100)
    folder.write("list-2026-04.csv", "employee id,name\n3,Cy\n", age_s=50)
    folder.write("list-2026-01.csv", PEOPLE, age_s=200)
    assert list(folder.run(people={"file": "list-*.csv"}).by_id) == ["3"]


def test_a_missing_file_or_folder_is_told_and_tried_again(folder):
    folder.write("staff.csv", PEOPLE)
    with pytest.raises(TransientError, match=r"no people\.csv in .*there is staff\.csv") as missing:
        folder.run()
    assert missing.value.error_code == "source.file_missing"
    with pytest.raises(TransientError, match="cannot be read") as away:
        folder.run(folder=folder.path / "unmounted")
    assert away.value.error_code == "source.folder_missing"


def test_a_file_at_rest_is_read_without_waiting(folder):
    folder.write("people.csv", PEOPLE, age_s=6)
    folder.run()
    assert folder.clock.slept == []


@pytest.mark.parametrize("age_s", [4, -3600])
def test_a_file_that_changed_just_now_is_looked_at_again(folder, age_s):
    folder.write("people.csv", PEOPLE, age_s=age_s)
    assert len(folder.run().records) == 2
    assert folder.clock.slept == [5]


def test_a_file_that_is_still_being_written_is_read_when_it_is_whole(folder):
    file = folder.write("people.csv", PEOPLE, age_s=1)
    more = iter(["3,Cy\n4,D", "ee\n"])

    def go_on():
        if part := next(more, ""):
            with file.open("a", encoding="utf-8") as out:
                out.write(part)
            os.utime(file, (folder.clock.seconds, folder.clock.seconds))

    folder.while_waiting = go_on
    assert [person.name for person in folder.run().records] == ["Ada", "Bo", "Cy", "Dee"]
    assert folder.clock.slept == [5, 5, 5]


def test_a_file_that_never_comes_to_rest_is_left_for_the_next_sync(folder):
    file = folder.write("people.csv", PEOPLE, age_s=1)

    def go_on():
        with file.open("a", encoding="utf-8") as out:
            out.write("5,Em\n")
        os.utime(file, (folder.clock.seconds, folder.clock.seconds))

    folder.while_waiting = go_on
    with pytest.raises(TransientError, match="is being written") as changing:
        folder.run()
    assert changing.value.error_code == "source.file_changing"


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(folder):
    folder.write("people.csv", PEOPLE, age_s=1)

    def replace():
        folder.write("new", "employee id,name\n9,Zed\n").replace(folder.path / "people.csv")

    folder.while_waiting = replace
    assert list(folder.run().by_id) == ["1", "2"]
    assert list(folder.run().by_id) == ["9"]


def test_a_file_that_breaks_off_ends_the_run(folder):
    folder.write("people.csv", 'employee id,name\n1,Ada\n2,"Bo')
    with pytest.raises(ContractError, match=r"people\.csv cannot be read: The quotation mark that opens in line 3"):
        folder.run()


def test_a_file_that_is_too_large_or_no_table_is_refused(folder):
    folder.write("people.csv", b"x" * 1_000_001)
    with pytest.raises(ContractError, match="1,000,001 bytes"):
        folder.run(max_mb=1)
    folder.write("people.csv", b"")
    with pytest.raises(ContractError, match="no header row"):
        folder.run()
