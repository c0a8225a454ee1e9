"""Files in a folder through the kernel: nobody leaves because a file is missing, half, or has a bad row."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest

from echo_core.connectors.loader import load_plugins
from echo_hub.store.quarantine import list_quarantine
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import sync_connection
from echo_hub.sync.mapping import Mapper
from echo_hub.sync.replay import replay_quarantine

HEADER = "employee id;name;manager;hired_on;status\n"


@pytest.fixture
def hr(kit, tmp_path):
    """`hr.write(rows)` puts a people file into a folder, `hr.sync()` reads it."""
    connector = load_plugins(only=["csv_folder"]).connectors["csv_folder"]

    def connection(**settings: Any) -> Connection:
        values = {"folder": tmp_path, "opportunities": {"file": ""}, **settings}
        return Connection("hr", connector, connector.config_model().model_validate(values))

    def write(rows, header: str = HEADER) -> None:
        file = tmp_path / "people.csv"
        file.write_text(header + "".join(rows), encoding="utf-8")
        changed = kit.START.timestamp() - 3600
        os.utime(file, (changed, changed))

    def sync(**settings: Any):
        (report,) = sync_connection(kit.database, connection(**settings), clock=kit.clock)
        return report

    return SimpleNamespace(write=write, sync=sync, connection=connection, folder=tmp_path)


def people(first: int, last: int, **more: str) -> list[str]:
    return [
        f"{number:05};Person {number};00001;2020-01-01;{more.get('status', '')}\n" for number in range(first, last + 1)
    ]


def test_a_file_read_again_writes_nothing_wherever_its_rows_stand(kit, hr):
    hr.write(people(1, 30))
    assert (hr.sync().written, len(kit.live())) == (30, 30)
    before = kit.contents()["records"]
    hr.write(["\n", *reversed(people(1, 30))])
    report = hr.sync()
    assert (report.outcome, report.unchanged, report.written) == ("done", 30, 0)
    assert kit.contents()["records"] == before
    assert kit.stored()["hr:person:00002"].manager_id == "00001"


def test_a_row_that_only_moved_is_not_mapped_again(kit, hr, monkeypatch):
    hr.write(people(1, 30))
    hr.sync()
    hr.write([*people(31, 31), *reversed(people(1, 30))])
    mapped = []
    original = Mapper.map
    monkeypatch.setattr(Mapper, "map", lambda mapper, raws: mapped.extend(raws) or original(mapper, raws))
    assert (hr.sync().unchanged, len(mapped)) == (30, 1)


def test_a_missing_file_changes_nothing_and_the_next_sync_goes_on(kit, hr):
    hr.write(people(1, 30))
    hr.sync()
    (hr.folder / "people.csv").rename(hr.folder / "people.bak")
    report = hr.sync()
    assert (report.outcome, report.error_code) == ("failed", "source.file_missing")
    assert len(kit.live()) == 30
    (hr.folder / "people.bak").rename(hr.folder / "people.csv")
    assert (hr.sync().outcome, len(kit.live())) == ("done", 30)


@pytest.mark.parametrize("rows", [people(1, 15), []], ids=["half", "a header only"])
def test_half_a_file_waits_for_a_person(kit, hr, rows):
    hr.write(people(1, 30))
    hr.sync()
    hr.write(rows)
    report = hr.sync()
    assert (report.outcome, report.held) == ("held", 30 - len(rows))
    assert len(kit.live()) == 30


def test_a_file_that_breaks_off_removes_nobody(kit, hr):
    hr.write(people(1, 30))
    hr.sync()
    hr.write([*people(1, 29), '00030;"Pers'])
    report = hr.sync()
    assert (report.outcome, report.error_code) == ("failed", "source.table")
    assert len(kit.live()) == 30


def test_one_who_is_no_longer_in_the_file_has_left(kit, hr):
    hr.write(people(1, 30))
    hr.sync()
    hr.write(people(2, 30))
    assert (hr.sync().removed, len(kit.live())) == (1, 29)


def test_a_bad_row_waits_with_file_and_line_and_what_was_stored_of_it_stays(kit, hr):
    hr.write(people(1, 30))
    hr.sync()
    hr.write([*people(1, 29), "00030;Person 30;00001;10/05/2026;\n"])
    report = hr.sync()
    assert (report.outcome, report.quarantined, report.removed) == ("done", 1, 0)
    waiting = list_quarantine(kit.database)[0].rejected
    assert (waiting.source_key, waiting.field) == ("00030", "hired_on")
    assert waiting.message.startswith("people.csv, line 31: hired_on can be read day first or month first.")
    assert len(kit.live()) == 30
    replay_quarantine(kit.database, hr.connection(date_order="day_first"), clock=kit.clock)
    assert list_quarantine(kit.database) == []
    assert str(kit.stored()["hr:person:00030"].hired_on) == "2026-05-10"


def test_a_row_without_an_id_holds_every_removal_because_nobody_knows_whose_it_is(kit, hr):
    hr.write(people(1, 30))
    hr.sync()
    hr.write([*people(1, 29), ";Person 30;;;\n"])
    report = hr.sync()
    assert (report.outcome, report.held, len(kit.live())) == ("held", 1, 30)


def test_a_second_row_of_an_id_waits_and_the_first_is_stored(kit, hr):
    hr.write([*people(1, 30), "00007;Somebody else;;;\n"])
    report = hr.sync()
    assert (report.outcome, report.written, report.quarantined) == ("done", 30, 1)
    assert kit.stored()["hr:person:00007"].name == "Person 7"
    waiting = list_quarantine(kit.database)[0].rejected
    assert "stands in line 8 already" in waiting.message
    again = hr.sync()
    assert (again.written, again.unchanged, again.quarantined) == (0, 30, 1)
