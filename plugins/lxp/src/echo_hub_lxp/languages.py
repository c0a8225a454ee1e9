"""Locales as vendors write them, turned into BCP 47, and the choice among several languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

_LOCALE = re.compile(
    r"^(?P<language>[a-zA-Z]{2,3})(?:[-_](?P<script>[a-zA-Z]{4}))?(?:[-_](?P<region>[a-zA-Z]{2}|\d{3}))?$"
)
T = TypeVar("T")


def bcp47(locale: str) -> str | None:
    """ "pt_BR" is "pt-BR", "zh_HANT" is "zh-Hant"; None for words that name no language, such as "All"."""
    match = _LOCALE.match(locale.strip())
    if match is None or match["language"].lower() == "all":
        return None
    script, region = match["script"], match["region"]
    tags = [match["language"].lower(), script.title() if script else "", region.upper() if region else ""]
    return "-".join(tag for tag in tags if tag)


def preferred(versions: Iterable[tuple[str, T]], locales: Sequence[str]) -> T | None:
    """The version in the first preferred locale, else in its language, else the first there is; None without any."""
    there = [(bcp47(locale) or "", value) for locale, value in versions]
    for wanted in locales:
        tag = bcp47(wanted) or wanted
        exact = [value for have, value in there if have == tag]
        near = [value for have, value in there if have.partition("-")[0] == tag.partition("-")[0]]
        if exact or near:
            return (exact or near)[0]
    return there[0][1] if there else None
