"""The generated pages say what the code does."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_generated_pages_are_up_to_date() -> None:
    for name, page in runpy.run_path(str(DOCS / "make_reference.py"))["PAGES"].items():
        written = (DOCS / name).read_text(encoding="utf-8")
        assert written == page(), f"docs/{name} is not what the code says; run: uv run python docs/make_reference.py"


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
