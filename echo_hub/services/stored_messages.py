"""Messages as they are stored, and sentences of the releases that stored nothing but their text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from echo_core.model.message import Message

AS_SHOWN = "as-shown"
"""The message whose one value is the whole sentence: what stored sentences without a message are read as."""
_MESSAGE = TypeAdapter(Message)


def json_of(message: Message) -> dict[str, Any]:
    """A message as JSON-ready values."""
    plain: dict[str, Any] = _MESSAGE.dump_python(message, mode="json")
    return plain


def write_message(message: Message) -> str:
    """A message as text for a column."""
    return json.dumps(json_of(message), ensure_ascii=False, sort_keys=True)


def read_message(stored: str) -> Message:
    """The message a column holds; what is no message is the text of an older release."""
    if stored.startswith("{"):
        return _MESSAGE.validate_json(stored)
    return as_shown(stored)


def as_shown(text: str) -> Message:
    """A sentence of which only the text is known."""
    return Message(AS_SHOWN, {"text": text})


def with_message(stored: str | Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a stored sentence, with the message that an older release did not store."""
    if isinstance(stored, str):
        return {"message": as_shown(stored), "text": stored}
    if "message" in stored:
        return dict(stored)
    fields = {**stored, "message": as_shown(stored["text"])}
    if "contribution" in stored:  # which way it spoke was not stored; that it took away is a number
        fields["speaks"] = "against" if stored["contribution"] < 0 else "open"
    if told := stored.get("confirmed"):
        fields["confirmation"] = as_shown(told)
    return fields
