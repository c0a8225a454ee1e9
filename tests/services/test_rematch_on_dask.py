"""Everybody's lists by the workers of a Dask cluster: the same file, whoever dies meanwhile."""

from __future__ import annotations

import os
import pickle
import signal
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest

from echo_core.model import LearningRecord, Person, PersonRef, SkillClaim
from echo_hub.services import rematch_file
from echo_hub.services.rematch import active_people
from echo_hub.services.rematch_file import write_rematch
from echo_hub.snapshot import cluster
from echo_hub.snapshot.cluster import Cluster, ClusterError
from echo_hub.snapshot.people_blocks import Group, Opportunities, PeopleBlock

pytest.importorskip("numba")
STANCES = ("has", "wants_to_learn", "wants_to_use", "teaches", "avoids")


@dataclass(frozen=True)
class Role:
    """The role behind every title."""

    skills: dict[str, float]
    confidence: float = 0.9


class Titles:
    """Knows one role."""

    def role(self, title, language=None):
        return Role({"t:python": 0.9, "t:kafka": 0.5}) if title == "Engineer" else Role({})


def grow(rows):
    """A hundred and twenty people more, with skills, wishes, titles, languages and completed learning of all sorts."""
    row, labels = type(rows[0]), ("Python", "SQL", "Kafka", "Kubernetes", "Rust", "Negotiation", "Accounting")
    for number in range(120):
        claims = tuple(
            SkillClaim(label=labels[(number + step) % 7], level=1 + (number * step) % 5)
            if step < 2
            else SkillClaim(label=labels[(number + step) % 7], stance=STANCES[(number + step) % 5])
            for step in range(number % 5)
        )
        person = Person(
            source_id=f"w{number}",
            name=f"Worker Secretname{number}",
            employee_id=f"W{number}",
            manager_id="lead" if number % 2 else "boss",
            country=("DE", "SE", None)[number % 3],
            title="Engineer" if number % 4 == 0 else "Clerk",
            status="left" if number % 10 == 0 else "active",
            skills=claims,
        )
        rows.append(row("workday", "workers", person))
        if number % 3 == 0:
            done = LearningRecord(
                source_id=f"d{number}",
                person=PersonRef(scheme="employee_id", value=f"W{number}"),
                object_id="l1",
                state="completed",
                completed_at=datetime(2026, 1, 5, tzinfo=UTC),
            )
            rows.append(row("lxp", "completions", done))


@pytest.fixture(scope="module")
def company(build):
    return build(grow, titles=lambda _: Titles())


def sent(value):
    """What arrives where this is sent to."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  our own bytes


@pytest.mark.parametrize("kinds", [None, ("project", "learning_path")])
def test_what_is_sent_away_comes_back_as_the_lists_made_here(company, kinds):
    people, only = active_people(company), None if kinds is None else company.facets.of_kinds(kinds)
    expected = company.batch_ranker_over(only).lists(people, 6)
    assert any(company.assumption(row) for row in people)
    assert any(company.eligibility_of(row).done.size for row in people)
    ranker = sent(Opportunities.of(company)).ranker(sent(PeopleBlock.of(company, Group([], only))).only)
    for start in range(0, len(people), 7):
        block = sent(PeopleBlock.of(company, Group(people[start : start + 7], only)))
        lists, these = block.lists(ranker, 6), slice(start, start + 7)
        assert np.array_equal(lists.people, expected.people[these])
        assert np.array_equal(lists.rows, expected.rows[these])
        assert np.array_equal(lists.totals, expected.totals[these])
        assert np.array_equal(lists.strongest, expected.strongest[these])


def test_no_name_address_or_title_is_sent_away(company):
    people = active_people(company)
    data = pickle.dumps((Opportunities.of(company), PeopleBlock.of(company, Group(people))))
    for text in (b"Secretname", b"Engineer", b"Berit", b"@x.org", b"workday:person"):
        assert text not in data


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match=r"echo-hub\[dask\]"):
        Cluster("tcp://127.0.0.1:8786")


@pytest.fixture(scope="module")
def four_workers():
    """A Dask cluster of four processes on this machine; what they import is imported once, before they are forked."""
    pytest.importorskip("distributed")
    import dask
    from distributed import LocalCluster
    from distributed.utils import get_mp_context

    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context().set_forkserver_preload(["echo_hub.snapshot.cluster", "distributed", "numba"])
        with LocalCluster(n_workers=4, threads_per_worker=1, dashboard_address="127.0.0.1:0") as workers:
            yield workers


def test_the_file_is_the_same_to_the_byte_also_when_a_worker_is_killed(company, four_workers, tmp_path, monkeypatch):
    write_rematch(company, tmp_path / "here.jsonl", top=5)
    monkeypatch.setattr(rematch_file, "AT_ONCE", 3)
    victim = four_workers.workers[0]
    killed = victim.pid

    def show(done, every):
        if done == 15:
            os.kill(killed, signal.SIGKILL)

    with Cluster(four_workers.scheduler_address) as machines:
        rematch = write_rematch(company, tmp_path / "there.jsonl", top=5, cluster=machines, show=show)
    assert victim.pid != killed
    assert rematch.people == len(active_people(company))
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()


def test_stopped_here_it_goes_on_there(company, four_workers, tmp_path, monkeypatch):
    write_rematch(company, tmp_path / "here.csv", top=2)
    monkeypatch.setattr(rematch_file, "AT_ONCE", 10)

    def stop(done, every):
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rematch(company, tmp_path / "there.csv", top=2, show=stop)
    with Cluster(four_workers.scheduler_address) as machines:
        rematch = write_rematch(company, tmp_path / "there.csv", top=2, cluster=machines)
    assert rematch.resumed_at == 30
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_a_worker_that_calculates_with_something_else_is_refused(company, four_workers, tmp_path, monkeypatch):
    monkeypatch.setattr("echo_hub.snapshot.people_blocks.made_by", lambda: (("echo-hub", "x"), ("numpy", "0.1")))
    with (
        Cluster(four_workers.scheduler_address) as machines,
        pytest.raises(ClusterError, match="Install the same") as no,
    ):
        write_rematch(company, tmp_path / "all.jsonl", top=2, cluster=machines)
    assert f"numpy {np.__version__} instead of 0.1" in no.value.detail


def test_an_address_where_nothing_answers_is_named(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "WAIT_S", 0.2)
    with pytest.raises(ClusterError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")


def test_a_scheduler_without_workers_is_no_endless_wait(company, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "WAIT_S", 2.0)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as nobody,
        Cluster(nobody.scheduler_address) as machines,
        pytest.raises(ClusterError, match="has no workers"),
    ):
        write_rematch(company, tmp_path / "all.jsonl", top=2, cluster=machines)
