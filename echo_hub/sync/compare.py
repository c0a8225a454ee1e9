"""What a page changes: every raw record against what is stored, the cheap comparison first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from echo_core.connectors.declaration import Stream
from echo_core.connectors.redaction import SECRETS
from echo_hub.store.bulk import Known, known_records, stored_payloads
from echo_hub.store.database import Transaction
from echo_hub.store.instant import as_moment
from echo_hub.store.payloads import UnreadableRecordError, record_in, written
from echo_hub.store.quarantine import Rejected
from echo_hub.sync.fingerprint import content_hash
from echo_hub.sync.keys import keys_of
from echo_hub.sync.mapping import Mapper, Raw, Row

RawHash = Callable[[Mapping[str, Any]], bytes | None]


class Replacing(NamedTuple):
    """A changed row, and when the stored version of it changed in the source."""

    row: Row
    stored_at: Any

    @property
    def is_newer(self) -> bool:
        """Whether the source says itself that this version is younger than the stored one."""
        if self.row.updated_at is None or self.stored_at is None:
            return False
        return self.row.updated_at > as_moment(self.stored_at)


@dataclass(slots=True)
class Compared:
    """A page, sorted. `met` holds ids of unchanged rows, `returned` those of changed rows that were stored before.

    `stale` pairs a new raw hash with the id of a row whose content another version of the mapping wrote just so.
    `rewritten` has rows whose content is as before, but stored as an older release stores it, as this one does.
    `produced` says for the key of every raw record that was mapped which records came of it. `hashes` has one of
    every raw record, in the page's order. `repeated` counts what another record of the same id took the place of, on
    this page or before; `shortened` the records with a text that was cut.
    """

    changed: list[Row] = field(default_factory=list)
    met: list[int] = field(default_factory=list)
    returned: dict[int, Replacing] = field(default_factory=dict)
    stale: list[tuple[bytes, int]] = field(default_factory=list)
    rewritten: list[tuple[str, int, bytes, bytes | None, int]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    exclusions: dict[str, int] = field(default_factory=dict)
    produced: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    written: int = 0
    unchanged: int = 0
    repeated: int = 0
    shortened: int = 0
    hashes: list[bytes] = field(default_factory=list)
    latest: datetime | None = None

    def keep_stored(self, ids: Collection[int]) -> None:
        """Takes back these changes: the run has met another version of the record before, and that one stays."""
        dropped = {(row.entity, row.source_id): row for row in (self.returned.pop(id_).row for id_ in ids)}
        self.changed = [row for row in self.changed if (row.entity, row.source_id) not in dropped]
        self.written = sum(row.excluded_by is None for row in self.changed)
        self.repeated += len(dropped)
        for row in dropped.values():
            if row.excluded_by is not None:
                self.exclusions[row.excluded_by] -= 1


def compare(
    transaction: Transaction,
    stream_id: int | None,
    stream: Stream,
    records: Sequence[Mapping[str, Any]],
    mapper: Mapper,
    raw_hash: RawHash,
) -> Compared:
    """Sorts the records of a page.

    A raw record whose hash is stored beside the one row it maps to is neither validated nor mapped. All others are,
    and the hash of the result decides. One that a source echoes our own credentials into is mapped without them.
    """
    compared = Compared()
    raw_hashes = list(map(raw_hash, records))
    if None in raw_hashes:
        records = [_storable(raw) if known is None else raw for raw, known in zip(records, raw_hashes, strict=True)]
    keys = keys_of(stream.key, records)
    compared.hashes = [raw_hash or (key or "").encode() for raw_hash, key in zip(raw_hashes, keys, strict=True)]
    raws: list[Raw] = list(zip(records, keys, raw_hashes, strict=True))
    known: dict[tuple[str, str], Known] = {}
    if stream_id is not None and len(stream.entities) == 1:
        entity = stream.entities[0]
        by_key = known_records(transaction, stream_id, entity, [key for key in keys if key is not None])
        raws = _unmapped(raws, by_key, compared)
        known = {(entity, row.source_id): row for row in by_key.values()}
    if not raws:
        return compared
    mapped = mapper.map(raws)
    compared.rejected = mapped.rejected
    compared.repeated = mapped.made - len(mapped.rows)
    compared.shortened = mapped.shortened
    bad = {rejection.source_key for rejection in mapped.rejected}
    compared.produced = {key: set() for _, key, _ in raws if key is not None and key not in bad}
    for row in mapped.rows.values():
        if (made := compared.produced.get(row.raw_key or row.source_id)) is not None:
            made.add((row.entity, row.source_id))
    if mapped.latest is not None and (compared.latest is None or mapped.latest > compared.latest):
        compared.latest = mapped.latest
    if stream_id is not None:
        for entity in {entity for entity, _ in mapped.rows}:
            requested = set(keys) if len(stream.entities) == 1 else set()
            ids = [source_id for kind, source_id in mapped.rows if kind == entity and source_id not in requested]
            stored = known_records(transaction, stream_id, entity, ids)
            known.update({(entity, source_id): row for source_id, row in stored.items()})
    differing: list[tuple[Row, Known]] = []
    for key, row in mapped.rows.items():
        before = known.get(key)
        if before is None and row[8] is None:
            compared.changed.append(row)
        elif before is not None and row.payload is not None and before.content_hash not in (None, row.content_hash):
            differing.append((row, before))
        else:
            _sort(row, before, compared)
    _reread(transaction, differing, compared)
    compared.written = sum(row[8] is None for row in compared.changed)
    return compared


def _storable(raw: Any) -> Any:
    """A record without hash holds a known secret, or what is no JSON."""
    try:
        return SECRETS.redact_stored(raw)
    except RecursionError:
        return raw  # no model takes it, and the quarantine keeps no payload of it


def _unmapped(raws: list[Raw], known: dict[str, Known], compared: Compared) -> list[Raw]:
    """The raw records that must be mapped; the others are counted as met."""
    if not known:
        return raws
    rest: list[Raw] = []
    met = compared.met
    if len({key for _, key, _ in raws}) < len(raws):
        known = _agreeing(raws, known)
    latest: Any = None
    for raw in raws:
        _, key, raw_hash = raw
        row = known.get(key) if key is not None else None
        if row is None or row.raw_hash is None or row.raw_hash != raw_hash:
            rest.append(raw)
            continue
        met.append(row.id)
        at = row.updated_at
        if at is not None and (latest is None or at > latest):
            latest = at
    compared.unchanged += len(met)
    if latest is not None:
        compared.latest = as_moment(latest)
    return rest


def _agreeing(raws: list[Raw], known: dict[str, Known]) -> dict[str, Known]:
    """Without the records a page lists twice in different versions: those are mapped, so that the last one counts."""
    differing = {key for _, key, raw_hash in raws if key in known and known[key].raw_hash != raw_hash}
    return {key: row for key, row in known.items() if key not in differing}


def _reread(transaction: Transaction, differing: Sequence[tuple[Row, Known]], compared: Compared) -> None:
    """Sorts rows whose hash is another than the stored one by what the stored payload says.

    A hash is of one way to write a record; a payload of another release says the same in another way. Such a record
    did not change, for anybody: it keeps the moment and the run of its last change, and is only written anew. What a
    later release wrote stays as it is.
    """
    payloads = stored_payloads(transaction, [known.id for _, known in differing])
    for row, known in differing:
        version, text = payloads.get(known.id, (row.version, None))
        payload = None if text is None else _as_written_here(row.entity, version, text)
        if payload is None or content_hash(payload) != row.content_hash:
            compared.changed.append(row)
            compared.returned[known.id] = Replacing(row, known.updated_at)
            continue
        compared.met.append(known.id)
        compared.unchanged += 1
        if version <= row.version:
            rewritten = (payload.decode(), row.version, row.content_hash, row.raw_hash, known.id)
            compared.rewritten.append(rewritten)


def _as_written_here(entity: str, version: int, text: str) -> bytes | None:
    """A stored payload as this release writes what it says; None for one that cannot be read."""
    try:
        return written(record_in(entity, version, text))
    except UnreadableRecordError:
        return None


def _sort(row: Row, known: Known | None, compared: Compared) -> None:
    if row.excluded_by is not None:
        compared.exclusions[row.excluded_by] = compared.exclusions.get(row.excluded_by, 0) + 1
    if known is not None and known.content_hash == row.content_hash:
        compared.met.append(known.id)
        if row.raw_hash is not None and known.raw_hash != row.raw_hash:
            compared.stale.append((row.raw_hash, known.id))
        if row.excluded_by is None:
            compared.unchanged += 1
        return
    compared.changed.append(row)
    if known is not None:
        compared.returned[known.id] = Replacing(row, known.updated_at)
