"""Views with their sentences put into words: what every surface does to an answer before it shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Any, TypeVar, cast

from echo_core.model.message import Message
from echo_hub.services.errors import RequestError
from echo_hub.services.views import Line, Sentence, SkillSentence, View
from echo_hub.surfaces.messages.catalogue import Catalogue, catalogue
from echo_hub.surfaces.messages.locales import current_locale

_Shown = TypeVar("_Shown")


def worded(shown: _Shown, words: Catalogue | None = None, locale: str | None = None) -> _Shown:
    """A view, or several, with `text` filled in wherever a sentence lacks it; anything else comes back as it is.

    A sentence of a receipt has the words that were shown and keeps them.

    Args:
        words: the catalogue; by default the hub's own.
        locale: the language; by default that of the request or command.
    """
    words, locale = words or catalogue(), locale or current_locale()
    result: _Shown = _worded(shown, words, locale)
    return result


def refusal(error: RequestError) -> str:
    """What to show of an error: its sentence, and the rule behind it where there is one."""
    why = error.why
    return error.message if why is None else f"{error.message} {catalogue().render(why, current_locale())}"


def saying(locale: str) -> Callable[[Message], str]:
    """Puts messages into words of one language, for what leaves without a request."""
    return lambda message: catalogue().render(message, locale)


def _worded(shown: Any, words: Catalogue, locale: str) -> Any:
    if isinstance(shown, tuple | list):
        said = [_worded(part, words, locale) for part in shown]
        changed = any(after is not before for after, before in zip(said, shown, strict=True))
        return type(shown)(said) if changed else shown
    if not isinstance(shown, View | Line):
        return shown
    filled: dict[str, object] = {}
    kind: Any = type(shown)
    for name in _fields(kind):
        before = getattr(shown, name)
        after = _worded(before, words, locale)
        if after is not before:
            filled[name] = after
    if isinstance(shown, Sentence) and not shown.text:
        filled["text"] = words.render(shown.message, locale)
    if isinstance(shown, SkillSentence) and shown.confirmation is not None and not shown.confirmed:
        filled["confirmed"] = words.render(shown.confirmation, locale)
    if not filled:
        return shown
    return shown.model_copy(update=filled) if isinstance(shown, View) else replace(cast("Any", shown), **filled)


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(kind.model_fields) if issubclass(kind, View) else tuple(field.name for field in fields(kind))
