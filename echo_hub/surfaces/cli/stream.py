"""Standard output as commands write it: neutral, and ended without a trace where nobody takes it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast

from echo_core.text.neutral import neutral


class OutputLostError(Exception):
    """Standard output takes no more: the pipe was closed, or the disk behind it is full."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(reason.strerror)
        self.reason = reason


class OutputStream:
    """A text stream on which all text is neutral; what its encoding cannot say is written as an escape."""

    def __init__(self, stream: TextIO) -> None:
        self.behind = stream

    def write(self, text: str) -> int:
        """Writes the text; answers how many characters were given.

        Raises:
            OutputLostError: nobody takes it.
        """
        shown = neutral(text)
        with _told():
            try:
                self.behind.write(shown)
            except UnicodeEncodeError as error:
                self.behind.write(shown.encode(error.encoding, "backslashreplace").decode(error.encoding))
        return len(text)

    def flush(self) -> None:
        """Hands on what was written; errors as `write`."""
        with _told():
            self.behind.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputLostError(error) from None


@contextlib.contextmanager
def neutral_output() -> Iterator[None]:
    """While it lasts, standard output is an `OutputStream`; at its end everything has been handed on.

    Raises:
        OutputLostError: nobody takes it; Python's own last flush then says nothing more about it.
    """
    plain, sys.stdout = sys.stdout, cast("TextIO", OutputStream(sys.stdout))
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OutputLostError:
        with contextlib.suppress(OSError, ValueError):  # a stream of a test has no file behind it
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, plain.fileno())
            os.close(nowhere)
        raise
    finally:
        sys.stdout = plain


def terminal() -> TextIO:
    """Standard output itself, for a library that steers the terminal and is given neutral text."""
    return cast("TextIO", getattr(sys.stdout, "behind", sys.stdout))
