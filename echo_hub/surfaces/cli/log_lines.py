"""How log lines are written: for people, or as one JSON object a line; with request, run and task, without secrets."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from echo_core.connectors.redaction import guard
from echo_core.text.neutral import escaped_json, neutral
from echo_hub.log_context import log_context

if TYPE_CHECKING:
    from echo_hub.settings.serve import LoggingSettings

LINE = "%(levelname)s %(name)s: %(message)s"
"""A line of the log."""


class LineFormatter(logging.Formatter):
    """Lines whose messages are neutral and stay on one line, so that no source can write a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, logging's own name
        """The line before a trace."""
        record.message = neutral(record.message).replace("\n", "\\n")
        ids = " ".join(f"{kind}={value}" for kind, value in log_context().items())
        return super().formatMessage(record) + (f" [{ids}]" if ids else "")


class JsonFormatter(logging.Formatter):
    """One object a line: `time` (UTC), `level`, `logger`, `message`, the ids it belongs to, `trace` of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole line."""
        fields: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields.update({str(kind): value for kind, value in log_context().items()})
        trace = record.exc_text or (self.formatException(record.exc_info) if record.exc_info else None)
        if trace:
            fields["trace"] = trace
        return escaped_json(json.dumps(fields, ensure_ascii=False))


def write_logs(level: int, form: Literal["lines", "json"] = "lines") -> None:
    """Logs to standard error from now on, from this weight on; secrets are replaced before anything is written."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else LineFormatter(LINE))
    guard(handler)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level > logging.INFO:
        logging.getLogger("httpx").setLevel(logging.ERROR)


def log_as_set(settings: LoggingSettings, *, verbose: bool) -> None:
    """Logs as `[logging]` says from now on; in any case what happens, where `verbose`."""
    level = logging.INFO if verbose else logging.getLevelNamesMapping()[settings.level.upper()]
    write_logs(level, settings.format)
