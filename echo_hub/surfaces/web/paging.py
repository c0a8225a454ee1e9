"""The ways from one page of a list to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def neighbours(at: Callable[[int], str], offset: int, size: int, *, more: bool) -> dict[str, Any]:
    """Addresses of the `first` page, the `previous` and the `following` one; None where there is none.

    Args:
        at: the address of the page that begins at an offset.
        size: how many rows a page holds.
        more: whether there are rows after this page.
    """
    return {
        "first": at(0),
        "previous": at(max(0, offset - size)) if offset else None,
        "following": at(offset + size) if more else None,
    }
