"""Backstage entity references: `kind:namespace/name`, compared without regard to case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from echo_core.model import PersonRef

DEFAULT_NAMESPACE = "default"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_REF = re.compile(rf"^(?:(?P<kind>{_PART}):)?(?:(?P<namespace>{_PART})/)?(?P<name>{_PART})$")


def entity_ref(kind: str, namespace: str | None, name: str) -> str:
    """The full reference in lower case, as Backstage stringifies it: "user:default/ada"."""
    return f"{kind}:{namespace or DEFAULT_NAMESPACE}/{name}".lower()


def full_ref(text: str, *, kind: str, namespace: str = DEFAULT_NAMESPACE) -> str | None:
    """A short or full reference completed with a default kind and namespace, lower case; None if it is not one."""
    match = _REF.match(text.strip())
    if match is None:
        return None
    return entity_ref(match["kind"] or kind, match["namespace"] or namespace, match["name"])


def ref_kind(ref: str) -> str:
    """The kind inside a full reference."""
    return ref.partition(":")[0]


def entity_key(raw: Mapping[str, Any]) -> str | None:
    """The reference of a raw entity, however broken the rest of it is; None without kind or name."""
    metadata = raw.get("metadata") if isinstance(raw, Mapping) else None
    if not isinstance(metadata, Mapping):
        return None
    kind, name, namespace = raw.get("kind"), metadata.get("name"), metadata.get("namespace")
    if not (isinstance(kind, str) and kind and isinstance(name, str) and name):
        return None
    return entity_ref(kind, namespace if isinstance(namespace, str) else None, name)


def person_ref(text: str, *, namespace: str = DEFAULT_NAMESPACE) -> PersonRef | None:
    """How a text names a person: an e-mail address, or a reference to a User entity; None for anything else.

    Entity names hold no "@", so the two cannot be mistaken for each other.
    """
    text = text.strip()
    if re.fullmatch(r"[^@\s:/]+@[^@\s:/]+\.[^@\s:/]+", text):
        return PersonRef(scheme="email", value=text.lower())
    ref = full_ref(text, kind="user", namespace=namespace)
    return PersonRef(scheme="source", value=ref) if ref and ref_kind(ref) == "user" else None
