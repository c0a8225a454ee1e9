"""The command line. Heavy rooms are imported only inside the command that needs them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `echo-hub` and returns its exit code: 0 fine, 1 it did not work, 2 it was asked wrongly, 130 interrupted."""
    from echo_hub.surfaces.cli.app import run

    # Taxonomies and records are many objects and hardly any circles: by default the collector walks them again and
    # again, for a third of the time a large taxonomy takes to read and index.
    gc.set_threshold(50_000, 20, 20)
    return run(list(sys.argv[1:] if arguments is None else arguments))
