"""What a walk noticed besides records: values left out, orphans, one address on two users. Written to the run's log."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from echo_hub_skill_exchange.annotations import Problem

MAX_LINES = 100


class WalkReport:
    """Collects remarks during one walk; at most 100 lines of values left out, then only their number.

    Mapping stays pure: the reader asks it for its problems and reports them here, with the entity's reference.
    """

    def __init__(self, log: logging.Logger, stream: str) -> None:
        self._log = log
        self._stream = stream
        self._dropped = 0
        self._orphans = 0
        self._addresses: dict[str, str] = {}

    def dropped(self, ref: str, problems: Iterable[Problem]) -> None:
        """One line per value that was left out of a record that was kept."""
        for problem in problems:
            self._dropped += 1
            if self._dropped <= MAX_LINES:
                self._log.warning(
                    "%s: left out a value: %s, field %s, value %r: %s",
                    self._stream,
                    ref,
                    problem.field,
                    problem.value,
                    problem.reason,
                )

    def orphan(self, ref: str) -> None:
        """An entity that nothing emits any more; it still counts as present."""
        self._orphans += 1
        self._log.info("%s: %s is an orphan in Backstage's catalog; kept", self._stream, ref)

    def address(self, ref: str, email: str | None) -> None:
        """Say when two users carry one e-mail address. The address itself is not written down."""
        if not email:
            return
        other = self._addresses.setdefault(email.strip().lower(), ref)
        if other != ref:
            self._log.warning(
                "%s: %s and %s carry the same e-mail address; neither is joined to a person by it",
                self._stream,
                other,
                ref,
            )

    def finish(self) -> None:
        """The sums, when there is something to say."""
        if self._dropped or self._orphans:
            self._log.warning("%s: %d values left out, %d orphans kept", self._stream, self._dropped, self._orphans)
