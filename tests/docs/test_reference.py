"""The reference page says what the code does."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_page_is_up_to_date() -> None:
    written = (DOCS / "reference.md").read_text(encoding="utf-8")
    page = runpy.run_path(str(DOCS / "make_reference.py"))["page"]()
    assert written == page, "run: uv run python docs/make_reference.py"


def test_every_link_of_the_readme_and_the_docs_leads_somewhere() -> None:
    import re

    pages = [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *DOCS.glob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
