"""The whole company matched at once, into a file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.rematch_file import Rematch, write_rematch
from echo_hub.snapshot.cluster import Cluster


def rematch(
    actor: Actor,
    hub: Hub,
    out: Path,
    *,
    top: int,
    again: bool = False,
    dask: str | None = None,
    show: Callable[[int, int], None],
) -> Rematch:
    """Writes everybody's best opportunities into a file; stopped, it goes on from there.

    Args:
        dask: the address of the Dask scheduler whose workers make the lists; without it this process does.

    Raises:
        ClusterError: those workers cannot.
    """
    permit = allow(actor, "rematch.write")
    with recorded(hub, permit, "company", top=top):
        pass  # what is written is a file; the event says who asked for it
    with nullcontext() if dask is None else Cluster(dask) as cluster:
        snapshot = hub.fresh_snapshot()
        policy = hub.policy(snapshot)
        return write_rematch(snapshot, out, top=top, again=again, show=show, policy=policy, cluster=cluster)
