"""`echo-hub worker`: schedules and tasks without pages, in a process of its own."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

import typer

from echo_hub.surfaces.cli.log_lines import log_as_set
from echo_hub.surfaces.cli.output import say
from echo_hub.surfaces.cli.state import chosen, open_hub

SIGNAL_S = 0.5
"""How long a signal may wait for its handler, in seconds."""
SAYS_WHAT_IT_DOES = "echo_hub.jobs"
"""The loggers whose lines are this command's output, whatever `[logging] level` says."""


def worker(context: typer.Context) -> None:
    """Run schedules and tasks until interrupted; as many processes as you like on PostgreSQL."""
    from echo_hub.application import Background
    from echo_hub.surfaces.messages.wording import saying

    stop = threading.Event()

    def first(received: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(received, before[received])

    before = {}
    with open_hub(context, lenient=False) as hub:
        log_as_set(hub.settings.logging, verbose=chosen(context).verbose)
        logging.getLogger(SAYS_WHAT_IT_DOES).setLevel(logging.INFO)
        background = Background(hub, saying(hub.settings.locale))
        for number in (signal.SIGINT, signal.SIGTERM):
            before[int(number)] = signal.signal(number, first)
        try:
            background.start()
            say("Working on tasks  (Ctrl-C stops after the step under way)")
            while not stop.wait(SIGNAL_S):
                pass
            say("Stopping: what is under way ends after its step, or is given back.")
        finally:
            background.stop()
            for received, handler in before.items():
                signal.signal(received, handler)
