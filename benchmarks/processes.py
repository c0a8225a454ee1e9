"""What one and several web processes take together, by what each has of its own and its share of the rest. Prints JSON.

    uv run python -m benchmarks.processes --store FOLDER

FOLDER holds a store made by `benchmarks/snapshot.py --store FOLDER --people 100000 --opportunities 10000`. Memory is
the proportional set size of all processes, summed (`/proc/PID/smaps_rollup`; Linux), after each of them answered the
same number of questions: half lists of random people, the rest searches, and candidates of one in twenty. Three ways:

- `one`: a process that builds its snapshot and answers;
- `separate`: several such, as several `echo-hub serve` are;
- `forked`: one builds and asks a little, then several are forked off it and answer, while it only waits. They share
  what none of them writes to; but reading a Python object writes its count of references, so they grow apart.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.snapshot import TODAY, company, company_options
from echo_hub.services.candidates import candidates
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.snapshot import Snapshot, SnapshotHolder, build_snapshot
from echo_hub.store.database import open_database

WARM = 60
"""Questions that the process asks from which others are forked, so that what all of them need is there."""


def memory_mb(process: int) -> dict[str, float]:
    """The share of a process in all memory, and what of it is its own."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return {"pss": kilobytes["Pss"] / 1024, "own": kilobytes["Private_Dirty"] / 1024}


def built(folder: Path) -> Snapshot:
    """The snapshot of a store, as a web process makes it."""
    database = open_database(None, folder)
    snapshot = SnapshotHolder(lambda _: build_snapshot(database, today=TODAY), lambda: 0).current()
    database.close()
    return snapshot


def answer(snapshot: Snapshot, seed: int, calls: int) -> None:
    """Answers what many people ask."""
    draw = random.Random(seed)  # noqa: S311, an invented company
    words = sorted({word for listing in snapshot.listings[:500] for word in listing.record.title.lower().split()})
    for _ in range(calls):
        which = draw.random()
        if which < 0.5:
            for_you(snapshot, draw.choice(snapshot.people).id)
        elif which < 0.8:
            search(snapshot, draw.choice(words), offset=draw.randrange(5) * 20)
        elif which < 0.95:
            search(snapshot, draw.choice(words), Filters(kind=("job",)))
        else:
            candidates(snapshot, draw.choice(snapshot.listings).id)


class Child:
    """A process that works, says that it is done, and stays until it is let go."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._done, done = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            work()
            os.write(done, b".")
            signal.pause()
        os.close(done)

    def wait(self) -> None:
        """Until it is done; an error where it died instead."""
        if os.read(self._done, 1) != b".":
            raise RuntimeError("A process of the benchmark died.")

    def let_go(self) -> None:
        """Ends it."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self._done)


def together(processes: list[int], answering: int) -> dict[str, float]:
    """What processes take together, and the most that one of the first `answering` has of its own."""
    measured = [memory_mb(process) for process in processes]
    own = max(memory["own"] for memory in measured[:answering])
    return {"pss_mb": round(sum(memory["pss"] for memory in measured), 1), "most_own_mb": round(own, 1)}


def separate(folder: Path, processes: int, calls: int) -> dict[str, float]:
    """So many processes, each with a snapshot it built itself."""
    children: list[Child] = []
    for seed in range(processes):
        children.append(Child(partial(_build_and_answer, folder, seed, calls)))
        children[-1].wait()  # one after the other: builds side by side would only slow each other down
    result = together([child.process for child in children], processes)
    for child in children:
        child.let_go()
    return result


def _build_and_answer(folder: Path, seed: int, calls: int) -> None:
    global _kept
    _kept = built(folder)
    answer(_kept, seed, calls)


_kept: Snapshot | None = None
"""Of a child: it stays in memory while the child is measured."""


def forked(folder: Path, processes: int, calls: int) -> dict[str, float]:
    """So many processes forked off one that built the snapshot; in a child, which passes its answer on."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        snapshot = built(folder)
        answer(snapshot, -1, WARM)
        gc.collect()
        gc.freeze()
        children = [Child(partial(answer, snapshot, seed, calls)) for seed in range(processes)]
        for child in children:
            child.wait()
        result = together([*(child.process for child in children), os.getpid()], processes)
        for child in children:
            child.let_go()
        os.write(writer, json.dumps(result).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="ascii") as text:
        answered: dict[str, float] = json.load(text)
    os.wait()
    return answered


def main() -> None:
    """Measures each way and prints one JSON object."""
    parser = company_options(__doc__, people=100_000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--calls", type=int, default=800)
    options = parser.parse_args()
    with company(options) as (_, folder, generator):
        one = separate(folder, 1, options.calls)
        several = {
            "separate": separate(folder, options.processes, options.calls),
            "forked": forked(folder, options.processes, options.calls),
        }
    for measured in several.values():
        measured["times_one"] = round(measured["pss_mb"] / one["pss_mb"], 2)
    print(
        json.dumps(
            {
                "people": generator.people,
                "opportunities": options.opportunities,
                "processes": options.processes,
                "calls_each": options.calls,
                "one": one,
                **several,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
