"""The plug-ins' hooks as typed calls: chained, observed or asked in turn, never able to hurt one another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from echo_core.connectors.errors import RecordError

if TYPE_CHECKING:
    from echo_core.connectors.events import Event
    from echo_core.model import Record

log = logging.getLogger(__name__)

Calls = Mapping[str, Callable[..., Any]]
"""One call per plug-in, by plug-in name, in the order they are made."""


class Hooks:
    """What the hub asks of its plug-ins while it works. Thread-safe.

    Args:
        map, event, skill: per hook, the plug-ins that implement it.
    """

    def __init__(self, *, map: Calls | None = None, event: Calls | None = None, skill: Calls | None = None) -> None:  # noqa: A002 -- the hook's name
        self._map, self._event, self._skill = dict(map or {}), dict(event or {}), dict(skill or {})
        self._lock = threading.Lock()
        self._complained: set[tuple[str, str]] = set()

    @property
    def maps(self) -> bool:
        """Whether any plug-in adjusts mapped records; False lets the kernel skip the call."""
        return bool(self._map)

    def map_entity(self, entity: Record, raw: Mapping[str, Any], stream: str) -> Record:
        """The record after every plug-in has adjusted it, each given the previous one's result.

        Raises:
            RecordError: code "record.plugin", naming the plug-in that raised or answered something else.
        """
        for name, call in self._map.items():
            try:
                adjusted = call(entity=entity, raw=raw, stream=stream)
            except (Exception, SystemExit) as error:
                raise RecordError(
                    f"The plug-in {name} could not adjust this record.",
                    detail=f"{type(error).__name__} in echo_hub_map for stream {stream}",
                    code="record.plugin",
                ) from error
            if adjusted is None:
                continue
            if type(adjusted) is not type(entity) or adjusted.source_id != entity.source_id:
                raise RecordError(
                    f"The plug-in {name} answered with another record than the one it was given.",
                    detail=f"{type(adjusted).__name__} for {type(entity).__name__} {entity.source_id}",
                    code="record.plugin",
                )
            entity = adjusted
        return entity

    def event(self, event: Event) -> None:
        """Tells every observer. One that raises is logged the first time and otherwise ignored."""
        for name, call in self._event.items():
            try:
                call(event=event)
            except (Exception, SystemExit):  # noqa: BLE001 -- an observer must not stop a run
                self._complain(name, "echo_hub_event")

    def skill(self, text: str, language: str | None = None) -> str | None:
        """The id of the skill a plug-in recognises in `text`; the first answer in name order, None without one."""
        for name, call in self._skill.items():
            try:
                spotted = call(text=text, language=language)
            except (Exception, SystemExit):  # noqa: BLE001 -- core's own rule applies instead
                self._complain(name, "echo_hub_skill")
                continue
            if isinstance(spotted, str) and spotted:
                return spotted
        return None

    def _complain(self, plugin: str, hook: str) -> None:
        with self._lock:
            first = (plugin, hook) not in self._complained
            self._complained.add((plugin, hook))
        if first:
            log.warning(
                "The plug-in %s raised in %s; it is ignored, and not reported again", plugin, hook, exc_info=True
            )
