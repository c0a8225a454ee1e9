"""Recognises what has not changed: raw records already mapped by this very code, and records with the same content."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

import echo_core.model
from echo_core.connectors.declaration import Stream
from echo_core.connectors.redaction import SECRETS
from echo_hub.store import readers

HASH_BYTES = 16
_UPDATED_AT = b',"updated_at":"'


def content(payload: bytes) -> bytes:
    """A payload without what `updated_at` says, which vendors restamp on rows that did not change.

    It is cut out of the JSON text instead of serialising twice. Its first unescaped occurrence is the record's own:
    only `source_id` and `source_url` come before it, and quotes inside texts are escaped.
    """
    start = payload.find(_UPDATED_AT)
    if start < 0:
        return payload.replace(b',"updated_at":null', b"", 1)
    end = payload.index(b'"', start + len(_UPDATED_AT)) + 1
    return payload[:start] + payload[end:]


def content_hash(payload: bytes) -> bytes:
    """A hash of the content of a payload."""
    return blake2b(content(payload), digest_size=HASH_BYTES).digest()


def exclusion_hash(rule: str) -> bytes:
    """Stands where the content hash of an excluded record would be: it changes with the rule only."""
    return blake2b(b"excluded:" + rule.encode(), digest_size=HASH_BYTES).digest()


def mapping_fingerprint(stream: Stream, config: Any, *, hooked: bool) -> bytes:
    """Names the code and configuration that turn raw records into stored ones.

    Made of the content of every file of the connector's package and of the record models, of what is stored of them,
    the mapping's own byte code, and the configuration without its secrets; the same in every process and place of
    installation. Whatever changes one of them makes every raw record count as new to the mapping. A company's own
    mapping hook cannot be named this way, so it switches the short cut off.
    """
    parts = [stream.name, getattr(stream.map, "__qualname__", type(stream.map).__qualname__), str(sys.hexversion)]
    code = getattr(stream.map, "__code__", None)
    if code is not None:
        parts.extend((code.co_code.hex(), repr(code.co_names)))
    files = {file for name in {_module(stream.map), stream.raw.__module__} for file in _files_beside(name)}
    files |= {*Path(str(echo_core.model.__file__)).parent.glob("*.py"), Path(readers.__file__)}
    all_parts: list[str] = []
    for file in files:
        try:
            stat = file.stat()
            all_parts.append(f"{file.name} {_digest(file, stat.st_size, stat.st_mtime_ns)}")
        except OSError:
            continue
    parts.extend(sorted(all_parts))
    parts.append(config.model_dump_json() if isinstance(config, BaseModel) else repr(config))
    parts.append(f"hooked {hooked}")
    return blake2b("\n".join(parts).encode(), digest_size=HASH_BYTES).digest()


def raw_hasher(mapping: bytes, stream: Stream) -> Callable[[Mapping[str, Any]], bytes | None]:
    """A function raw record -> hash under this mapping; None for one that is no JSON, or holds a secret of ours."""

    begun = blake2b(digest_size=HASH_BYTES, person=mapping)
    position = set(stream.position) or None

    def raw_hash(raw: Mapping[str, Any]) -> bytes | None:
        digest = begun.copy()
        try:
            data = to_json(raw, exclude=position)
        except Exception:  # noqa: BLE001, no JSON, not text, nested without end: it is then always mapped
            return None
        if SECRETS.occur_in(data):
            return None
        digest.update(data)
        return digest.digest()

    return raw_hash


def _module(function: object) -> str:
    return str(getattr(function, "__module__", type(function).__module__))


def _top(name: str) -> str:
    return name.partition(".")[0]


def _files_beside(module: str) -> list[Path]:
    """Every source file of the package a module belongs to; the module's own where there is no package."""
    package, own = (getattr(sys.modules.get(name), "__file__", None) for name in (_top(module), module))
    if isinstance(package, str) and Path(package).name == "__init__.py":
        return list(Path(package).parent.rglob("*.py"))
    return [Path(file) for file in (package, own) if isinstance(file, str)]


@lru_cache(maxsize=2_000)
def _digest(file: Path, size: int, changed_ns: int) -> str:  # noqa: ARG001, size and time tell when to look again
    return blake2b(file.read_bytes(), digest_size=8).hexdigest()
