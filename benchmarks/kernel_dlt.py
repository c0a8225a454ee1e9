"""The same records through dlt: merge by key into SQLite. Usage: python kernel_dlt.py DATABASE_FILE COUNT"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kernel_data import pages

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")

import dlt  # the settings above are read at import


def main() -> None:
    """Runs one pass."""
    target, count = Path(sys.argv[1]), int(sys.argv[2])

    # Nesting 0 keeps the list in its row, as the other candidates do; with a child table the merge takes minutes.
    @dlt.resource(name="employees", write_disposition="merge", primary_key="id", max_table_nesting=0)
    def employees():
        yield from pages(count)

    # Without keys in the database the second merge compares every row with every row.
    address = f"sqlite:///{target}"
    destination = dlt.destinations.sqlalchemy(address, create_primary_keys=True, create_unique_indexes=True)
    pipeline = dlt.pipeline(
        "kernel_bench",
        pipelines_dir=str(target.parent / "pipelines"),
        destination=destination,
        dataset_name="main",
    )
    pipeline.run(employees())


if __name__ == "__main__":
    main()
