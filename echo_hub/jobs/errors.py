"""What is refused in this room."""

from __future__ import annotations

from typing import ClassVar

from echo_core.connectors.errors import ConfigError


class ScheduleError(ConfigError):
    """A schedule that cannot be, or that is not there."""

    code: ClassVar[str] = "schedule.invalid"
