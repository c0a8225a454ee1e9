"""Everybody's lists into a file: the lists people see, whatever stops the writing."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from echo_core.matching import FEATURES
from echo_core.text.neutral import escaped_json
from echo_core.text.table_cells import TableWriter
from echo_hub.services.feed import for_you
from echo_hub.services.rematch import Match, active_people, rematch
from echo_hub.services.rematch_file import RematchMovedError, fingerprint, write_rematch
from echo_hub.services.rematch_lines import HEADS, MatchLines

SCRIPT = Path(__file__).with_name("killed_rematch.py")
ENGINES = ["plain", "compiled"]


@pytest.fixture(scope="module")
def small():
    """The script's own snapshot and block size."""
    spec = importlib.util.spec_from_file_location("killed_rematch", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    from echo_hub.services import rematch_file

    usual = rematch_file.AT_ONCE
    spec.loader.exec_module(module)
    yield module.snapshot()
    rematch_file.AT_ONCE = usual


@pytest.fixture(scope="module")
def whole(small, tmp_path_factory):
    """What is written when nothing stops it."""
    file = tmp_path_factory.mktemp("whole") / "all.jsonl"
    write_rematch(small, file, top=3, on="plain")
    return file.read_bytes()


def stopped(snapshot, file: Path, after: int) -> None:
    """Writes until so many blocks are done, then is stopped as by Ctrl-C."""
    blocks = iter(range(after))

    def show(done: int, every: int) -> None:
        if next(blocks, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rematch(snapshot, file, top=3, on="plain", show=show)


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ENGINES)
def test_everybody_gets_the_first_page_of_their_own_list(snapshot, engine):
    found = dict(zip(active_people(snapshot), rematch(snapshot, top=6, on=engine), strict=True))
    for row, mine in found.items():
        page = for_you(snapshot, snapshot.people[row].id, limit=6)
        assert [(one.opportunity, one.rank, one.kind) for one in mine] == [(c.id, c.rank, c.kind) for c in page.cards]
        assert [one.score for one in mine] == pytest.approx([card.score for card in page.cards], abs=1e-9)
        assert all(set(one.features) <= set(FEATURES) and len(one.features) <= 3 for one in mine)


def test_people_who_left_have_no_list(snapshot):
    assert "workday:person:gone" not in {snapshot.people[row].id for row in active_people(snapshot)}


def test_only_the_people_asked_for_get_one(snapshot):
    [mine] = rematch(snapshot, [snapshot.person_rows["workday:person:ana"]], top=2, on="plain")
    assert [one.person for one in mine] == ["workday:person:ana"] * 2


def test_a_line_says_who_what_why_and_by_which_numbers(small, whole):
    first = json.loads(whole.splitlines()[0])
    assert first["person"] == "hr:person:w0"
    assert first["rank"] == 1
    assert first["kind"] == "job"
    assert first["features"][0] == "essential"
    assert (first["weights"], first["revision"]) == (small.weights.version, 1)


def test_a_csv_has_the_same_rows_under_heads(small, whole, tmp_path):
    write_rematch(small, tmp_path / "all.csv", top=3, on="plain")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [json.loads(line) for line in whole.splitlines()]
    assert [(row["person"], row["opportunity"], float(row["score"])) for row in rows] == [
        (line["person"], line["opportunity"], line["score"]) for line in lines
    ]


def test_stopped_and_gone_on_with_it_is_the_same_file(small, whole, tmp_path):
    for blocks in (1, 2, 4):
        file = tmp_path / f"{blocks}.jsonl"
        stopped(small, file, blocks)
        assert not file.exists()
        found = write_rematch(small, file, top=3, on="plain")
        assert found.resumed_at == (blocks - 1) * 2 + 2
        assert file.read_bytes() == whole
        assert found.matches == len(whole.splitlines())


def test_killed_before_any_sync_to_disk_nothing_is_lost_and_nothing_doubled(small, whole, tmp_path):
    files = [tmp_path / f"{instant}.jsonl" for instant in range(1, 11)]
    arguments = [text for instant, file in enumerate(files, start=1) for text in (str(file), str(instant))]
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True] * 10
    for file in files:
        write_rematch(small, file, top=3, on="plain")
        assert file.read_bytes() == whole, file.name
        assert sorted(one.name for one in tmp_path.glob(f"{file.name}*")) == [file.name]


def test_a_market_that_changed_meanwhile_is_refused_until_told_to_start_again(build, small, tmp_path):
    file = tmp_path / "all.jsonl"
    stopped(small, file, 1)
    other = build()
    with pytest.raises(RematchMovedError, match="--again"):
        write_rematch(other, file, top=3, on="plain")
    found = write_rematch(other, file, top=3, again=True, on="plain")
    assert found.resumed_at == 0
    assert {json.loads(line)["person"].split(":")[0] for line in file.read_text().splitlines()} == {"workday"}


def test_another_top_is_refused_too(small, tmp_path):
    stopped(small, tmp_path / "all.jsonl", 1)
    with pytest.raises(RematchMovedError, match="--top 3"):
        write_rematch(small, tmp_path / "all.jsonl", top=4, on="plain")


def test_a_fingerprint_is_the_same_for_the_same_records_and_another_for_others(build):
    assert fingerprint(build()) == fingerprint(build())
    assert fingerprint(build()) != fingerprint(build(lambda rows: rows.pop()))


AWKWARD = (
    Match("hr:person:=1+1", 1, 'ats:job:"a", b', "job", 0.1 + 0.2, ("essential", "growth")),
    Match("hr:person:=1+1", 2, "ats:job:\u202egnp", "mentorship", 1e-05, ()),
    Match("hr:person:Zoë; -x", 1, "ats:job:'q'", "job", 1.0, ("learn",)),
)


def test_lines_are_what_json_and_the_table_of_the_house_make_of_each():
    behind = ("2026.3", 7)
    lines = MatchLines(*behind, table=False).of(AWKWARD).decode().splitlines()
    for line, match in zip(lines, AWKWARD, strict=True):
        values = (match.person, match.rank, match.opportunity, match.kind, match.score, match.features, *behind)
        assert line == escaped_json(json.dumps(dict(zip(HEADS, values, strict=True)), ensure_ascii=False))
    made = MatchLines(*behind, table=True)
    expected = io.StringIO()
    table = TableWriter(expected, line_end="\n", byte_order_mark=False)
    table.write(HEADS)
    for match in AWKWARD:
        features = " ".join(match.features)
        table.write((match.person, match.rank, match.opportunity, match.kind, repr(match.score), features, *behind))
    assert (made.head + made.of(AWKWARD)).decode() == expected.getvalue()
