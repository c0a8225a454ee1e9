"""The tables of syncing as statements name them: columns and the types that convert values, nothing more.

`tables.py` declares them in full, and a test holds both together. Importing SQLModel for the names alone costs every
sync 10 MB and 0.4 s of processor time.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Float, LargeBinary, TableClause, Text, column, table

from echo_hub.store.instant import Instant


def _table(
    name: str, *, text: str = "", whole: str = "", moment: str = "", flag: str = "", binary: str = "", number: str = ""
) -> TableClause:
    types = {Text: text, BigInteger: whole, Instant: moment, Boolean: flag, LargeBinary: binary, Float: number}
    return table(name, *(column(label, kind()) for kind, labels in types.items() for label in labels.split()))


STREAM = _table(
    "stream",
    text="connection name resume mapping run_mapping",
    whole="id run_id restarts cursor_version refused",
    moment="watermark window_since window_until observed",
)
RECORD = _table(
    "record",
    text="entity source_id raw_key payload source_url removal excluded_by",
    whole="id stream_id first_run changed_run payload_version",
    moment="updated_at changed_at removed_at",
    binary="content_hash raw_hash",
)
SEEN = _table("seen", whole="run_id record_id")
RUN = _table(
    "run",
    text="connection stream outcome error_code error_message error_detail error_traceback",
    whole="id read written unchanged quarantined excluded repeated shortened removed held requests retries bytes",
    moment="started_at ended_at window_since window_until",
    flag="complete",
    number="throttled_s",
)
RUN_EXCLUSION = _table("run_exclusion", text="rule", whole="run_id count")
QUARANTINE = _table(
    "quarantine",
    text="source_key code field value_type message payload",
    whole="id stream_id run_id",
    moment="first_seen_at last_seen_at resolved_at",
)
HOLD = _table(
    "hold",
    text="sample state decided_by reason",
    whole="id run_id stream_id would_remove live",
    moment="opened_at decided_at",
)
HOLD_RECORD = _table("hold_record", whole="hold_id record_id")
LEASE = _table("lease", text="connection owner", moment="expires_at")
SCHEDULE = _table(
    "schedule",
    text="connection cron time_zone claimed_by blackouts runs_after paused_because",
    whole="interval_s jitter_s",
    moment="next_run_at last_run_at claimed_until",
    flag="paused",
)
REVISION = _table("revision", whole="id value")
DATA_CHANGE = _table("data_change", whole="revision run_id")
