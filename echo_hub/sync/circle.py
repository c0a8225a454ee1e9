"""Notices a source that gives the same page again and again, whatever way of paging a connector wrote itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from echo_core.connectors.errors import ContractError

AGAIN = 3
"""A page without a position of its own may come this often: windows that touch share the records on their border."""
EMPTY_AGAIN = 1_000
"""Empty pages of one position: a walk through empty days is long, but not endless."""


class PagesMet:
    """What one reading of a stream has met, 16 bytes a page."""

    def __init__(self) -> None:
        self._times: Counter[bytes] = Counter()

    def meet(self, records: Sequence[bytes], removed: Sequence[str], resume: str | None) -> None:
        """Notes a page.

        Args:
            records: a hash of each of its raw records, in their order.

        Raises:
            ContractError: code "source.page_repeats", when the same records came at the same position before.
        """
        digest = blake2b(b"".join(records), digest_size=16)
        digest.update(repr((list(removed), resume)).encode())
        page = digest.digest()
        allowed = EMPTY_AGAIN
        if records or removed:
            allowed = 1 if resume is not None else AGAIN
        if self._times[page] >= allowed:
            raise ContractError(
                "The source's list leads in a circle: a page repeats.",
                detail=f"{len(records)} records that came before, at the same position",
                code="source.page_repeats",
            )
        self._times[page] += 1
