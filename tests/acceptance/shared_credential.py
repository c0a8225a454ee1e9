"""One process of the test beside it: asks Greenhouse's sandbox again and again, with the hub of a settings file."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from echo_core.http.client import Client
from echo_hub.application import Hub
from echo_hub.services.syncing import as_connection


def main() -> None:
    """Prints when each request was answered."""
    file, seconds = Path(sys.argv[1]), float(sys.argv[2])
    sent = []
    with Hub.open(file) as hub:
        settings = as_connection(hub.settings.connection("greenhouse")).http_settings()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        until = time.monotonic() + seconds
        while time.monotonic() < until:  # a new client each time, as every command and every sync has one
            with Client(settings, shared=hub.shared) as client:
                client.get("jobs", params={"per_page": "1"})
                sent.append(time.time())
    sys.stdout.write(json.dumps(sent))


if __name__ == "__main__":
    main()
