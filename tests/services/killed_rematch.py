"""Run as a script by the rematch tests: writes a rematch and kills itself with SIGKILL before its n-th sync to disk.

Usage: killed_rematch.py FILE N [FILE N …]   each in a forked child. Prints JSON: whether each child was killed.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from datetime import date
from pathlib import Path

from echo_core.model import Job, Person, Requirement, SkillClaim
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy
from echo_hub.services import rematch_file
from echo_hub.snapshot.snapshot import Snapshot

PEOPLE = 9
rematch_file.AT_ONCE = 2


class Row:
    """A stored record."""

    def __init__(self, connection, stream, record):
        self.connection, self.stream, self.record = connection, stream, record


def snapshot():
    """Nine people and a dozen jobs over four skills."""
    skills = ("Python", "SQL", "Kafka", "Rust")
    graph = Taxonomy.of(Skill(f"t:{label.lower()}", label, (Label(label, "en", True),)) for label in skills)
    rows = [
        Row(
            "hr",
            "workers",
            Person(
                source_id=f"w{n}",
                name=f"Worker {n}",
                employee_id=f"E{n}",
                skills=tuple(SkillClaim(label=skills[(n + step) % 4], level=1 + n % 5) for step in range(1 + n % 3)),
            ),
        )
        for n in range(PEOPLE)
    ]
    rows += [
        Row(
            "ats",
            "jobs",
            Job(
                source_id=str(n),
                title=f"Job {n}",
                requirements=(Requirement(label=skills[n % 4], level=1 + n % 5),),
            ),
        )
        for n in range(12)
    ]
    return Snapshot.build(rows, graph, today=date(2026, 3, 2), people_connection="hr", revision=1)


def deadly(instant):
    """A sync to disk that kills the process instead when it is called for the n-th time."""
    calls, real = itertools.count(1), os.fsync

    def fsync(number):
        if next(calls) == instant:
            os.kill(os.getpid(), signal.SIGKILL)
        real(number)

    return fsync


def main():
    """One child per pair of arguments."""
    killed, made = [], snapshot()
    for file, instant in zip(sys.argv[1::2], map(int, sys.argv[2::2]), strict=True):
        if (child := os.fork()) == 0:
            rematch_file.os.fsync = deadly(instant)
            rematch_file.write_rematch(made, Path(file), top=3, on="plain")
            os._exit(0)
        killed.append(os.waitpid(child, 0)[1] == signal.SIGKILL)
    print(json.dumps(killed))  # noqa: T201


if __name__ == "__main__":
    main()
