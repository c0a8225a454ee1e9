"""How long the server waits for a request: a connection that sends nothing, or a byte now and then, is closed."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

ARRIVAL_S = 30.0
"""Seconds from a connection's start, or a request's first byte, until all of the request has to be there."""


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with an end to its patience; uvicorn itself times only the pause between two requests."""

    arrival_s = ARRIVAL_S
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Waits for the first request from here on."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Waits on while a request is under way; one that is complete may be answered in any time."""
        super().data_received(data)
        self._judge()

    def on_response_complete(self) -> None:
        """A body that was refused may still be arriving."""
        super().on_response_complete()
        self._judge()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _judge(self) -> None:
        state: Any = self.conn.their_state
        under_way = state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))
        if not under_way:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.arrival_s, self._too_late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self.transport.close()
