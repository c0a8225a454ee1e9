"""Puts refusals on the timeline, but not without end: who is not signed in could fill it."""

from __future__ import annotations

import logging
import threading
import time

from echo_hub.services.hub import Hub
from echo_hub.services.sign_in import Reason, refuse

log = logging.getLogger(__name__)
A_MINUTE = 60
"""Refusals that are recorded within a minute; further ones are in the log alone."""


class Refusals:
    """Records who was not let in. One for all requests of a process."""

    def __init__(self, hub: Hub, issuer: str) -> None:
        self._hub = hub
        self._issuer = issuer
        self._lock = threading.Lock()
        self._minute = -1
        self._count = 0

    def note(self, reason: Reason, detail: str, person: str | None = None) -> None:
        """Records one refusal, and logs what helps the operator: `detail` names no person."""
        # What the operator has to mend is told without --verbose too.
        level = logging.ERROR if reason in ("provider", "proxy") else logging.INFO
        log.log(level, "a sign-in was refused: %s %s", reason, detail)
        with self._lock:
            minute = int(time.monotonic() // 60)
            self._count = self._count + 1 if minute == self._minute else 1
            self._minute = minute
            if self._count > A_MINUTE:
                return
        refuse(self._hub, reason, self._issuer, person)
