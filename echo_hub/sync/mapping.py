"""From raw records to rows: validated a page at a time, mapped one by one, each failure kept to its own record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import repeat
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from echo_core.connectors.declaration import Stream
from echo_core.connectors.errors import HubError, RecordError
from echo_core.connectors.hooks import Hooks
from echo_core.connectors.redaction import SECRETS, redact
from echo_core.model import Excluded
from echo_hub.store.naming import unseen_name
from echo_hub.store.payloads import version_of, written
from echo_hub.store.quarantine import KEYLESS, Rejected
from echo_hub.sync.culprit import culprit_of
from echo_hub.sync.declared import declared_only
from echo_hub.sync.failure import described, place
from echo_hub.sync.fingerprint import content_hash, exclusion_hash
from echo_hub.sync.keys import clean
from echo_hub.sync.long_texts import shortened

MESSAGE_CHARS = 500
PAYLOAD_CHARS = 1_000_000
"""A longer rejected record is told by its key and reason alone: nobody reads it, and every list carries it."""
CHUNK = 50
"""Records validated at once: few enough for their models to be in the processor's cache still when they are mapped."""


Raw = tuple[Mapping[str, Any], str | None, bytes | None]
"""A raw record on its way: the record, its key, its hash (None where it has none). A plain tuple: many are made."""


class Row(NamedTuple):
    """One mapped record, ready to be compared and stored. `payload` is None when `excluded_by` names a rule.

    `version` is the one the payload is written in.
    """

    entity: str
    source_id: str
    raw_key: str | None
    payload: str | None
    content_hash: bytes
    raw_hash: bytes | None
    source_url: str | None
    updated_at: datetime | None
    excluded_by: str | None
    version: int

    def stored(
        self, stream_id: int, run_id: int, *, now: Any, moment: Callable[[datetime | None], Any]
    ) -> tuple[Any, ...]:
        """The values of `bulk.RECORD_COLUMNS`, in that order: live, and new as of the run.

        A plain tuple, because a full load makes one of every record. `moment` is the transaction's, and `now` of it.
        """
        return (
            stream_id,
            self.entity,
            self.source_id,
            self.raw_key,
            self.payload,
            self.content_hash,
            self.raw_hash,
            self.source_url,
            moment(self.updated_at),
            run_id,  # first_run, which stays as it was where the record is known
            run_id,  # changed_run
            now,  # changed_at
            None,  # removed_at
            None,  # removal
            self.excluded_by,
            self.version,
        )


@dataclass(slots=True)
class Mapped:
    """What became of some raw records: rows by (entity, source id), the last one of a key counting; and rejections.

    `made` counts the rows before the last one of a key won, `shortened` those with a text that was cut.
    """

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    latest: datetime | None = None
    made: int = 0
    shortened: int = 0


class Mapper:
    """One stream's way from raw records to rows. Holds no state between calls."""

    def __init__(self, stream: Stream, config: Any, hooks: Hooks) -> None:
        self._stream = stream
        self._map = stream.map
        self._config = config
        self._hooks = hooks if hooks.maps else None
        self._validate_all = TypeAdapter(list[stream.raw]).validate_python  # type: ignore[name-defined]  # a type made at run time
        self._validate = stream.raw.model_validate
        self._entities = frozenset(stream.entities)

    def map(self, raws: Sequence[Raw]) -> Mapped:
        """Validates and maps; never raises for a bad record."""
        mapped = Mapped()
        for start in range(0, len(raws), CHUNK):
            self._map_some(raws[start : start + CHUNK], mapped)
        return mapped

    def _map_some(self, raws: Sequence[Raw], mapped: Mapped) -> None:
        rows, latest = mapped.rows, mapped.latest
        models: Iterable[Any]
        try:
            models = self._validate_all([raw[0] for raw in raws])
        except Exception:  # noqa: BLE001, a validator may raise anything: an OverflowError of a date, a RecursionError
            models = repeat(None)  # one by one, below
        for raw, model in zip(raws, models, strict=False):
            try:
                made = self._rows(raw, self._validate(raw[0]) if model is None else model, mapped)
            except Exception as error:  # noqa: BLE001, whatever one record provokes is kept to that record
                mapped.rejected.append(reject(self._stream, raw, error))
                continue
            mapped.made += len(made)
            for row in made:
                rows[row[0], row[1]] = row
                at = row[7]
                if at is not None and (latest is None or at > latest):
                    latest = at
        mapped.latest = latest

    def _rows(self, raw: Raw, model: Any, mapped: Mapped) -> list[Row]:
        value, key, raw_hash = raw
        items = list(self._map(model, self._config))
        if len(items) != 1 or self._hooks is not None:
            raw_hash = None  # the short cut needs one row per raw record, made by code it can name
        rows: list[Row] = []
        for item in items:
            entity = item.entity
            if entity not in self._entities:
                raise RecordError(
                    f"The mapping made a {entity!r}, which the stream does not declare.",
                    detail=f"declared: {', '.join(self._stream.entities)}",
                    code="record.undeclared_entity",
                )
            source_id = item.source_id
            raw_key = None if key == source_id else key
            if isinstance(item, Excluded):
                hidden, version = exclusion_hash(item.rule), version_of(entity)
                rows.append(Row(entity, source_id, raw_key, None, hidden, None, None, None, item.rule, version))
                continue
            record = item if self._hooks is None else self._hooks.map_entity(item, value, self._stream.name)
            if (field := unseen_name(record)) is not None:
                raise RecordError(
                    f"The {field} has no letter or digit that is seen. Give a readable one in the source.",
                    field=field,
                    value_type="str",
                )
            payload = written(record)
            if (cut := shortened(record, len(payload))) is not None:
                record, payload = cut, written(cut)
                mapped.shortened += 1
            if SECRETS.occur_in(payload):
                record = type(record).model_validate_json(to_json(SECRETS.redact_stored(from_json(payload))))
                payload = written(record)
            rows.append(
                Row(
                    entity,
                    source_id,
                    raw_key,
                    payload.decode(),
                    content_hash(payload),
                    raw_hash if raw_key is None else None,
                    record.source_url,
                    _utc(record.updated_at),
                    None,
                    record.payload_version,
                )
            )
        return rows


def reject(stream: Stream, raw: Raw, error: Exception) -> Rejected:
    """The quarantine row for a record: where it broke, and the declared part of what the source sent."""
    value, key, _ = raw
    payload = _kept_payload(stream, value)
    if key is None:
        key = KEYLESS + blake2b((payload or repr(type(value))).encode(), digest_size=8).hexdigest()
    code, path, value_type, message = _reason(stream, value, error)
    path, value_type, message = (redact(clean(text))[:MESSAGE_CHARS] for text in (path, value_type, message))
    return Rejected(clean(key), code, path, value_type, message, payload)


def _kept_payload(stream: Stream, value: Any) -> str | None:
    """The declared part as JSON; None for what is no record, nests without end or is too long to keep."""
    try:
        cut = declared_only(stream.raw, value)
        payload = None if cut is None else to_json(cut, inf_nan_mode="constants").decode()
    except Exception:  # noqa: BLE001, what cannot be written down is told by its reason alone
        return None
    return None if payload is None or len(payload) > PAYLOAD_CHARS else payload


def _reason(stream: Stream, value: Any, error: Exception) -> tuple[str, str, str, str]:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        return "record.invalid", path, type(first["input"]).__name__, described(error)
    if isinstance(error, RecordError):
        return error.error_code, error.field, error.value_type, str(error)
    if isinstance(error, HubError):
        return error.error_code, "", "", str(error)
    culprit = culprit_of(stream.raw.model_validate, value)
    if culprit.field:
        said = f"{culprit.field}: its value cannot be read, {described(error)}{place(error)}."
        return "record.invalid", *culprit, said
    return "record.mapping_bug", "", "", f"The mapping raised {described(error)}{place(error)}."


def _utc(moment: datetime | None) -> datetime | None:
    """Converted here, where a failure is the record's own: near the years 1 and 9999 there may be no such moment."""
    if moment is None or not moment.utcoffset():
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise RecordError(
            "The time of the last change lies outside the calendar.", field="updated_at", value_type="datetime"
        ) from None
