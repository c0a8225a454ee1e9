"""The command line. Heavy rooms are imported only inside the command that needs them."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `echo-hub` and returns its exit code: 0 fine, 1 it did not work, 2 it was asked wrongly, 130 interrupted."""
    from echo_hub.cli.app import run

    return run(list(sys.argv[1:] if arguments is None else arguments))
