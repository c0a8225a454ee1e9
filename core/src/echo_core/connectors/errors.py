"""Everything that can go wrong between the hub and a source, grouped by who must act.

    HubError
    ├── ConfigError          the operator must change the settings; the schedule stops
    │   └── AuthError        reconnect
    │       └── NotPermitted grant the scope that is named; a stream that is optional is skipped meanwhile
    ├── TransientError       nobody: retried, then tried again at the next interval
    │   └── RateLimited      nobody: wait as told; beyond the run's allowance the run pauses and resumes later
    ├── ContractError        the connector's author: the vendor answered something the connector does not know
    │   └── ResumeExpired    nobody: the kernel drops the resume value and reads the window again, once
    ├── RecordError          HR operations or the author: one record is quarantined, the rest goes on
    └── ConnectorBug         the connector's author: an exception nobody foresaw

Every error has a stable `code`, one sentence for HR operations (`message`) and one for engineers (`detail`).
Neither ever holds a secret (known ones are replaced) or a response body.
"""

from __future__ import annotations

from typing import ClassVar

from echo_core.connectors.redaction import redact


class HubError(Exception):
    """Base of all errors the hub raises on purpose.

    Args:
        message: one sentence for HR operations: what happened, to what, what to do.
        detail: one sentence for engineers: the values that broke the rule.
        code: overrides the class's stable code, e.g. "auth.scope_missing".

    Where a source's answer caused it, `status` is the HTTP status and `body_json` the parsed error body (None when it
    was not JSON): for connectors to look into, never part of a message or a log.
    """

    status: int | None = None
    body_json: object = None

    code: ClassVar[str] = "hub.error"
    who: ClassVar[str] = "the connector's author"

    def __init__(self, message: str, *, detail: str = "", code: str | None = None) -> None:
        super().__init__(message := redact(message))
        self.message = message
        self.detail = redact(detail)
        self.error_code = code or self.code

    def __str__(self) -> str:
        return f"{self.message} ({self.detail})" if self.detail else self.message


class ConfigError(HubError):
    """A setting is missing or wrong. The connection's schedule stops until the settings change."""

    code: ClassVar[str] = "config.invalid"
    who: ClassVar[str] = "the operator"


class AuthError(ConfigError):
    """The source refused the credentials (401 after a refresh)."""

    code: ClassVar[str] = "auth.refused"


class NotPermitted(AuthError):  # noqa: N818 -- named for what happened, as the contract does
    """The source knows the credentials and does not let them read this (403, a scope or a share that is missing)."""

    code: ClassVar[str] = "auth.forbidden"


class TransientError(HubError):
    """A time-out, a reset, a 5xx: tried again with jitter, then at the next interval."""

    code: ClassVar[str] = "source.unavailable"
    who: ClassVar[str] = "nobody"


class RateLimited(TransientError):  # noqa: N818 -- named for what happened, as the contract does
    """The source's quota is used up for longer than the run may wait.

    `retry_after_s` is how long the source asked us to wait, in seconds.
    """

    code: ClassVar[str] = "source.throttled"

    def __init__(self, message: str, *, retry_after_s: float = 0.0, detail: str = "", code: str | None = None) -> None:
        super().__init__(message, detail=detail, code=code)
        self.retry_after_s = retry_after_s


class ContractError(HubError):
    """The source answered outside its contract: no JSON, a required key missing, a page that repeats."""

    code: ClassVar[str] = "source.contract"


class ResumeExpired(ContractError):  # noqa: N818 -- named for what happened, as the contract does
    """The source no longer knows the resume value. Not a failure: the window is read again from its start, once."""

    code: ClassVar[str] = "source.resume_expired"
    who: ClassVar[str] = "nobody"


class RecordError(HubError):
    """One record cannot be read or mapped. `field` is its path inside the record, `value_type` what stood there."""

    code: ClassVar[str] = "record.invalid"
    who: ClassVar[str] = "HR operations"

    def __init__(
        self, message: str, *, field: str = "", value_type: str = "", detail: str = "", code: str | None = None
    ) -> None:
        super().__init__(message, detail=detail, code=code)
        self.field = field
        self.value_type = value_type


class ConnectorBug(HubError):  # noqa: N818 -- named for what it is, as the contract does
    """Plug-in code raised something outside this tree. The stream stops; the traceback is stored with the run."""

    code: ClassVar[str] = "connector.bug"
