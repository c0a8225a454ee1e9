"""The whole company matched at once, into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.rematch_file import Rematch, write_rematch


def rematch(
    actor: Actor, hub: Hub, out: Path, *, top: int, again: bool = False, show: Callable[[int, int], None]
) -> Rematch:
    """Writes everybody's best opportunities into a file; stopped, it goes on from there."""
    permit = allow(actor, "rematch.write")
    with recorded(hub, permit, "company", top=top):
        pass  # what is written is a file; the event says who asked for it
    snapshot = hub.fresh_snapshot()
    return write_rematch(snapshot, out, top=top, again=again, show=show, policy=hub.policy(snapshot))
