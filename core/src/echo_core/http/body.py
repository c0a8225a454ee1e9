"""Reading a response body: never more than allowed, also after decompression, and never a part taken for the whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

from echo_core.connectors.errors import ContractError, TransientError

ACCEPT_ENCODING = "gzip, deflate"
"""Only what `zlib` decodes piece by piece under a limit."""


def read_chunks(response: httpx.Response, limit_bytes: int, where: str) -> Iterator[bytes]:
    """The decoded body in pieces.

    Args:
        limit_bytes: the most that may come, counted after decompression.
        where: host and path, for messages.

    Raises:
        TransientError: code "source.truncated": the connection ended before the promised length or the end of the
            compressed data.
        ContractError: code "source.too_large" above the limit, "source.encoding" for a compression nobody asked for.
    """
    decoder = _decoder(response, where)
    left = limit_bytes
    for chunk in _raw(response, where):
        for piece in decoder.decode(chunk, left):
            left -= len(piece)
            if left < 0:
                raise ContractError(
                    f"{where} answered with more than {limit_bytes:,} bytes, the limit of this connection.",
                    detail="raise max_body_bytes or ask the source for smaller pages",
                    code="source.too_large",
                )
            if piece:
                yield piece
    if not decoder.complete:
        raise _truncated(where, "the compressed data has no end")


def _raw(response: httpx.Response, where: str) -> Iterator[bytes]:
    if response.is_stream_consumed:
        # A stub's response was read (and decoded) when it was made; there is nothing raw left.
        yield response.content
        return
    promised = response.headers.get("content-length") if "transfer-encoding" not in response.headers else None
    received = 0
    for chunk in response.iter_raw():
        received += len(chunk)
        yield chunk
    if promised is not None and promised.isdigit() and received < int(promised):
        raise _truncated(where, f"{received} of {promised} bytes")


def _truncated(where: str, detail: str) -> TransientError:
    return TransientError(f"{where} broke off in the middle of an answer.", detail=detail, code="source.truncated")


class _Identity:
    complete = True

    def decode(self, chunk: bytes, _left: int) -> Iterator[bytes]:
        yield chunk


class _Zlib:
    """gzip (several members too), zlib and raw deflate, decompressed at most one byte beyond what is left."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        self._started = False
        self.complete = True

    def decode(self, chunk: bytes, left: int) -> Iterator[bytes]:
        while chunk:
            if self._engine.eof:
                self._engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            piece = self._inflate(chunk, max(1, left + 1))
            self._started = True
            self.complete = self._engine.eof
            left -= len(piece)
            yield piece
            chunk = self._engine.unconsumed_tail or self._engine.unused_data

    def _inflate(self, chunk: bytes, most: int) -> bytes:
        try:
            return self._engine.decompress(chunk, most)
        except zlib.error:
            raw_deflate = not self._started
        if raw_deflate:
            self._engine = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
            try:
                return self._engine.decompress(chunk, most)
            except zlib.error:
                self._started = True
        raise ContractError(f"{self._where} sent compressed data that cannot be read.", code="source.encoding")


def _decoder(response: httpx.Response, where: str) -> _Identity | _Zlib:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if response.is_stream_consumed or encoding in ("", "identity"):
        return _Identity()
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _Zlib(where)
    raise ContractError(
        f"{where} compressed its answer in a way that was not asked for.",
        detail=f"Content-Encoding: {encoding[:40]}",
        code="source.encoding",
    )
