"""Where the REST API lies."""

from __future__ import annotations

API_PREFIX = "/api/v1"


def is_api(path: str) -> bool:
    """Whether a path is the API's, known or not; `/api` itself is a page."""
    return f"{path}/".startswith(f"{API_PREFIX}/")
