"""A rematch written to a file that can be stopped, even killed, and gone on with: nothing lost, nothing twice.

Rows go to `FILE.part`, and after every few hundred people what is certain to be there is noted in `FILE.state`. Going
on cuts off what came after the note. When all is written, `FILE.part` takes the name of the file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np

from echo_hub.services.errors import RequestError
from echo_hub.services.policy import Policy
from echo_hub.services.rematch import AT_ONCE, Engine, active_people, engine, rematch
from echo_hub.services.rematch_lines import MatchLines
from echo_hub.snapshot.cluster import Cluster
from echo_hub.snapshot.snapshot import Snapshot

Show = Callable[[int, int], None]


class RematchMovedError(RequestError):
    """What was begun was about another snapshot, or written another way."""

    code: ClassVar[str] = "rematch.moved"


@dataclass(frozen=True, slots=True)
class State:
    """How far a file is: `people` have their rows in its first `size` bytes, which hold `matches` rows."""

    snapshot: str
    revision: int
    top: int
    people: int = 0
    matches: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Rematch:
    """What a finished file holds. `resumed_at` is how many people were there already."""

    file: str
    people: int
    matches: int
    top: int
    engine: Engine
    weights: str
    revision: int
    resumed_at: int


def write_rematch(
    snapshot: Snapshot,
    file: Path,
    *,
    top: int = 20,
    again: bool = False,
    on: Engine | None = None,
    show: Show | None = None,
    policy: Policy | None = None,
    cluster: Cluster | None = None,
) -> Rematch:
    """Everybody's first `top` matches into a file: CSV where it is called `.csv`, else JSON Lines.

    Args:
        again: start from the beginning, whatever was begun.
        show: told the people done and the people there are.
        policy: what is on for whom; who is not matched is not in the file. None where everything is on.
        cluster: other machines that make the lists; the file is the same.

    Raises:
        RematchMovedError: what was begun cannot be gone on with.
        ClusterError: the cluster cannot make the lists.
        OSError: the file cannot be written.
    """
    part, note = _beside(file, ".part"), _beside(file, ".state")
    begun = State(fingerprint(snapshot, policy), snapshot.revision, top)
    state = begun if again else _read(note, begun)
    people, first = active_people(snapshot, policy), state.people
    if show is not None:
        show(first, len(people))
    lines = MatchLines(snapshot.weights.version, snapshot.revision, table=file.suffix == ".csv")
    with part.open("r+b" if first else "wb") as out:
        out.truncate(state.size)
        out.seek(state.size)
        if not first:
            out.write(lines.head)
        lists = rematch(snapshot, people[first:], top=top, on=on, policy=policy, cluster=cluster)
        for start in range(first, len(people), AT_ONCE):
            matches = state.matches
            for person_matches in islice(lists, AT_ONCE):
                out.write(lines.of(person_matches))
                matches += len(person_matches)
            out.flush()
            os.fsync(out.fileno())
            done = min(start + AT_ONCE, len(people))
            state = State(state.snapshot, state.revision, top, done, matches, out.tell())
            _write(note, state)
            if show is not None:
                show(done, len(people))
    part.replace(file)
    note.unlink(missing_ok=True)
    used: Engine = "compiled" if cluster is not None else on or engine()
    return Rematch(str(file), len(people), state.matches, top, used, snapshot.weights.version, snapshot.revision, first)


def fingerprint(snapshot: Snapshot, policy: Policy | None = None) -> str:
    """Changes with anything a list is made of: records, decisions, policy, settings, weights, titles, the day."""
    digest = blake2b(b"" if policy is None else policy.fingerprint(), digest_size=16)
    ground, block, claims = snapshot.tables.ground, snapshot.block, snapshot.claims
    digest.update(repr((ground.settings, ground.today, snapshot.weights.version)).encode())
    numbers = (block.essential, block.desired, block.taught)
    arrays = [snapshot.weights.feature, claims.person, claims.skill, claims.stance, claims.level, claims.strength]
    arrays += [part for rows in numbers for part in (rows.indptr, rows.indices, rows.data)]
    arrays += [
        snapshot.congestion.counted,
        snapshot.columns.eligibility.seats_taken,
        snapshot.columns.eligibility.open,
        snapshot.opportunity_table.diversity_groups,
    ]
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    for person in snapshot.people:
        digest.update(f"{person.id}{person.country}{person.languages}{person.manager}{person.fact.status}".encode())
        digest.update(repr(person.preferences).encode())
    for title in sorted({person.fact.title or "" for person in snapshot.people}):
        if (role := snapshot.roles.assumption(title)) is not None:
            digest.update(f"{title}{role.confidence}".encode())
            digest.update(np.ascontiguousarray(role.weight).data)
    for listing in snapshot.listings:
        digest.update(f"{listing.id}{listing.countries}{listing.languages}{listing.hours_per_week}".encode())
        digest.update(f"{listing.record.remote}{listing.record.starts_on}{listing.owner}".encode())
    return digest.hexdigest()


def _read(note: Path, begun: State) -> State:
    """How far an earlier run came; `begun` where there was none."""
    try:
        state = State(**json.loads(note.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return begun
    except (ValueError, TypeError):
        raise RematchMovedError(f"{note} cannot be read. Start from the beginning with --again.") from None
    if state.snapshot != begun.snapshot:
        raise RematchMovedError(
            f"The data have changed since {note.with_suffix('')} was begun: at data revision {state.revision} "
            f"and is at {begun.revision}, or another day, setting or weight counts now. Half a file of each would "
            "compare people by different snapshots. Start from the beginning with --again."
        )
    if state.top != begun.top:
        raise RematchMovedError(
            f"{note.with_suffix('')} was begun with --top {state.top}. Go on with that, or start from the beginning "
            "with --again."
        )
    return state


def _write(note: Path, state: State) -> None:
    """Replaces the note in one step, so that there is always a whole one."""
    fresh = _beside(note, ".new")
    with fresh.open("w", encoding="utf-8") as out:
        json.dump(asdict(state), out)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(note)


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)
