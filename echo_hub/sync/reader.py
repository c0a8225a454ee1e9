"""The thread that reads one stream's pages; it never touches the database."""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Literal, NamedTuple

from echo_core.connectors.declaration import Page, Stream, StreamContext, Window
from echo_core.connectors.errors import ConnectorBug
from echo_core.connectors.events import current_stream

LOOK_AGAIN_S = 0.2


class Message(NamedTuple):
    """What a reader tells the writer."""

    reader: Reader
    kind: Literal["page", "end", "error"]
    value: Any


class Reader(threading.Thread):
    """Reads one window of one stream into the queue it shares with the connection's other readers."""

    def __init__(
        self,
        stream: Stream,
        context: StreamContext,
        window: Window,
        resume: Any,
        messages: queue.Queue[Message],
    ) -> None:
        super().__init__(name=f"read-{stream.name}", daemon=True)
        self.stream = stream
        self._context = context
        self._window = window
        self._resume = resume
        self._messages = messages
        self._cancelled = threading.Event()
        self._variables = copy_context()  # what is logged here belongs to the run, too

    def cancel(self) -> None:
        """Ends the thread at its next page; what it has read by then is dropped."""
        self._cancelled.set()

    def run(self) -> None:
        """Reads to the end, to an error, or until cancelled."""
        self._variables.run(self._read)

    def _read(self) -> None:
        current_stream.set(self.stream.name)
        pages: Any = None
        try:
            pages = iter(self.stream.read(self._context, self._window, self._resume))
            for page in pages:
                if not isinstance(page, Page):
                    raise ConnectorBug(
                        f"The connector's stream {self.stream.name} yields {type(page).__name__} instead of pages."
                    )
                if not self._put("page", page):
                    return
            self._put("end", None)
        except BaseException as error:  # noqa: BLE001, carried to the writer, which stores it with the run
            self._put("error", error)
        finally:
            close = getattr(pages, "close", None)
            if close is not None:
                with suppress(
                    Exception
                ):  # the run's outcome is known; a generator that resists closing changes nothing
                    close()

    def _put(self, kind: Literal["page", "end", "error"], value: Any) -> bool:
        message = Message(self, kind, value)
        while not self._cancelled.is_set():
            try:
                self._messages.put(message, timeout=LOOK_AGAIN_S)
            except queue.Full:
                continue
            return True
        return False
