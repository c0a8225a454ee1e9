"""Lists made by the workers of a Dask cluster: blocks of people as tasks, results in the order of the blocks.

A worker that dies costs time: Dask gives its tasks to another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from threading import Lock
from types import TracebackType
from typing import ClassVar

from echo_core.connectors.errors import HubError
from echo_core.matching.batch import BatchRanker, Lists
from echo_hub.snapshot.people_blocks import Group, Opportunities, PeopleBlock, made_by
from echo_hub.snapshot.snapshot import Snapshot

WAIT_S = 20.0
"""How long a scheduler may take to answer, and its first worker to come."""
_AHEAD = 2
"""Blocks under way for each thread of the workers: one it works on, and one it need not wait for."""


class ClusterError(HubError):
    """A Dask cluster cannot make the lists."""

    code: ClassVar[str] = "cluster.failed"
    who: ClassVar[str] = "the operator"


class Cluster:
    """The workers of a Dask scheduler, for as long as the context lasts.

    Args:
        address: the scheduler's, such as `tcp://host:8786`; for `tls://` Dask's own configuration has certificates.

    Raises:
        ClusterError: the extra `dask` is not installed, nothing answers at the address, or no worker comes.
    """

    def __init__(self, address: str) -> None:
        if find_spec("distributed") is None:
            raise ClusterError(
                "Matching on a Dask cluster needs the extra `dask`: pip install 'echo-hub[dask]'.", code="cluster.extra"
            )
        from distributed import Client

        self._address = address
        try:
            self._client = Client(address, timeout=WAIT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"No Dask scheduler answers at {address}. Start one with `dask scheduler`, or correct the address.",
                detail=str(error),
            ) from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def lists(self, snapshot: Snapshot, groups: Sequence[Group], top: int) -> Iterator[Lists]:
        """The first `top` of each person's list, one group of people after the other.

        The same as made in this process, to the last digit.

        Raises:
            ClusterError: no worker comes, they cannot run this release, or a block cost several their life.
        """
        from distributed import CancelledError, KilledWorker
        from distributed.comm import CommClosedError

        self._check()
        opportunities = Opportunities.of(snapshot)
        # A task and no scattered value: what the last worker that has it takes away with it is made again.
        shared = self._client.submit(_unchanged, opportunities, key=f"echo-hub-{opportunities.digest}")
        room = _AHEAD * max(sum(self._client.nthreads().values()), 1)
        waiting, under_way = deque(groups), deque[object]()
        try:
            while waiting or under_way:
                while waiting and len(under_way) < room:
                    block = PeopleBlock.of(snapshot, waiting.popleft())
                    under_way.append(self._client.submit(_lists_of, shared, block, top, pure=False))
                yield self._client.gather(under_way.popleft())
        except KilledWorker as error:
            raise ClusterError(
                "A block of people was given up: the workers that had it died, one after the other. Their logs say"
                " why; often it is memory.",
                detail=str(error),
            ) from error
        except (CancelledError, CommClosedError) as error:
            raise ClusterError(
                f"The Dask scheduler at {self._address} went away. Call again when it is back; what is written stays.",
                detail=str(error),
            ) from error
        finally:
            self._client.cancel([shared, *under_way])

    def _check(self) -> None:
        """Whether there are workers, and whether they and the scheduler can read what they are sent.

        One that cannot would neither answer nor fail.
        """
        try:
            self._client.wait_for_workers(1, timeout=WAIT_S)
            self._client.run_on_scheduler(version, "echo-hub")
            self._client.run(version, "echo-hub")
        except TimeoutError:
            raise ClusterError(
                f"The Dask scheduler at {self._address} has no workers. Start some with `dask worker {self._address}`."
            ) from None
        except PackageNotFoundError as error:
            raise ClusterError(
                "The Dask scheduler or a worker does not have Echo Hub. Install this release, with the extra `dask`,"
                " where they run.",
                detail=str(error),
            ) from error


def _unchanged(opportunities: Opportunities) -> Opportunities:
    return opportunities


def _lists_of(opportunities: Opportunities, block: PeopleBlock, top: int) -> Lists:
    """What a worker does. One block at a time in a process, in as many threads as the worker has."""
    from distributed import get_worker

    here, wanted = made_by(), dict(opportunities.made_by)
    if here != opportunities.made_by:
        differing = ", ".join(
            f"{name} {own} instead of {wanted.get(name)}" for name, own in here if own != wanted.get(name)
        )
        raise ClusterError(
            "A worker would calculate other scores: it has another release of Echo Hub or of what calculates for it."
            " Install the same where they run.",
            detail=differing,
        )
    lock, ranker = _ranker(opportunities, block.only)
    with lock:
        return block.lists(ranker, top, get_worker().state.nthreads)


@lru_cache(maxsize=4)
def _ranker(opportunities: Opportunities, only: bytes | None) -> tuple[Lock, BatchRanker]:
    """Kept for the next block, with a lock of its own: the same few choices of listings come again with each."""
    return Lock(), opportunities.ranker(only)
