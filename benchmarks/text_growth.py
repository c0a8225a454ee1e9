"""How the time of every pass over free text grows with the text: the ratio of each doubling. Prints JSON.

    python -m benchmarks.text_growth                       every pass over every shape of text, 12,500 to 200,000
    python -m benchmarks.text_growth --only spotter        one pass

A linear pass takes about twice as long for twice the text; a quadratic one four times. A pass that ends within
`BELOW_NOISE` seconds of the processor is not judged: it is over before its growth could be told from noise. The suite
runs the same passes over the longest texts (`tests/text/test_bounded_work.py`).
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from itertools import pairwise

from echo_core.skills import Spotter, level_of, starter
from echo_core.skills.embeddings.text_pieces import TextPieces
from echo_core.skills.extraction.boilerplate import quiet_ranges
from echo_core.skills.extraction.negation import denied_places
from echo_core.skills.extraction.suggester import Suggester
from echo_core.skills.extraction.windows import sentences
from echo_core.skills.linking.linker import Linker
from echo_core.skills.occupations.title_words import plain_title
from echo_core.text import wording
from echo_core.text.html import html_to_text
from echo_core.text.languages import guess_language
from echo_core.text.markup import lowered, without_tags
from echo_core.text.table_cells import plain_cell, safe_cell
from echo_core.text.table_reader import TableError, read_table
from echo_hub.snapshot.catalogue.locations import Atlas
from echo_hub.snapshot.catalogue.sections import Sections
from echo_hub.snapshot.catalogue.series import series
from echo_hub.snapshot.search.index import SearchIndex
from echo_hub.snapshot.search.tokens import tokens
from echo_hub.surfaces.web.prose import blocks
from echo_hub_csv_folder.values import address, with_levels
from echo_hub_greenhouse.location import city_of, read_location
from echo_hub_skill_exchange.text import clean, one_line
from echo_hub_workday.values import work_mail

SIZES = (12_500, 25_000, 50_000, 100_000, 200_000)
"""Characters: four doublings."""
HIGHEST_RATIO = 2.5
BELOW_NOISE = 0.02
"""CPU seconds. Below it the clock's grain and the cache's mood count for more than the text."""
_GIVEN_UP = 20.0
"""CPU seconds after which a pass is not tried on a longer text."""

_RUNS = 6
"""How often a doubling that seems too much is looked at again: a busy machine stretches the processor's clock too."""

Pass = Callable[[str], object]


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * (size // len(piece) + 1))[:size]


SHAPES: Mapping[str, Callable[[int], str]] = {
    "one word": _repeated("a"),
    "one word of capitals": _repeated("A"),
    "one word of umlauts": _repeated("ü"),
    "one word of signs": _repeated("語"),
    "one word of marks": lambda size: "a" + "\u0301" * (size - 1),
    "spaces": _repeated(" "),
    "spaces and a word": lambda size: "team" + " " * (size - 8) + "team",
    "line breaks": _repeated("\n"),
    "blank lines": _repeated("x \n \n"),
    "less-than signs": _repeated("<"),
    "open tags": _repeated("<p "),
    "open comments": _repeated("<!--"),
    "open scripts": _repeated("<script>"),
    "closed scripts": _repeated("<script></script>"),
    "videos": _repeated("<video></video><video>"),
    "nested list items": _repeated("<ul><li>x"),
    "quoted tags": _repeated('<a ="<a ='),
    "quoted ends": _repeated('<a =">"'),
    "nested lists": _repeated("<ul><li>"),
    "paragraphs of HTML": _repeated("<p>Python and <b>SQL</b> for our team</p>"),
    "entities": _repeated("&amp;"),
    "open entities": _repeated("&"),
    "one endless entity": lambda size: "&#" + "1" * (size - 2),
    "digit entities": _repeated("&#1"),
    "round brackets": _repeated("("),
    "square brackets": _repeated("["),
    "bracketed words": _repeated("(a b) "),
    "blank brackets": _repeated(" ( "),
    "quotes": _repeated('"'),
    "apostrophes": _repeated("a'"),
    "dots": _repeated("."),
    "dotted words": _repeated("a.b."),
    "hyphens": _repeated("-"),
    "hyphened words": _repeated("a-"),
    "spaced dashes": _repeated(" - "),
    "stars": _repeated("*"),
    "bullets": _repeated("• "),
    "slashes": _repeated("/"),
    "letters and slashes": _repeated("m/w/d"),
    "colons": _repeated("a:"),
    "equals signs": _repeated("="),
    "digits": _repeated("1"),
    "short numbers": _repeated("12 "),
    "dotted digits": _repeated("1.1."),
    "commas": _repeated(","),
    "comma list": _repeated("Python, SQL, "),
    "comma list of one letter": _repeated("a, "),
    "one sentence": _repeated("we know that people who work with data and tools in a team like it "),
    "sentences": _repeated("We use Python. You know SQL and Java! "),
    "lower sentences": _repeated("we use python. you know sql "),
    "lines": _repeated("Experience with Kubernetes\n"),
    "denials": _repeated("not no without "),
    "departments": _repeated("sales, marketing and "),
    "benefits": _repeated("our benefits "),
    "equal opportunity": _repeated("equal opportunity "),
    "equal opportunity sentences": _repeated("equal opportunity. "),
    "remote places": _repeated("Remote - Oslo or "),
    "places and": _repeated("Oslo and "),
    "at signs": _repeated("a@"),
    "dotted mails": _repeated("a@b.c."),
    "pluses": _repeated("c+"),
    "hashes": _repeated("#"),
    "exclamation marks": _repeated("a!"),
    "minus words": _repeated("-a "),
    "long title": _repeated("Senior Engineer (m/f/d) "),
    "parts": _repeated("part i "),
}
"""Texts of a given length that tempt one pass or another to read the same letters again and again."""


@cache
def _spotter() -> Spotter:
    return Spotter(starter())


@cache
def _linker() -> Linker:
    return Linker(starter())


@cache
def _suggester() -> Suggester:
    return Suggester(starter(), spotter=_spotter())


@cache
def _index() -> SearchIndex:
    return SearchIndex([], starter())


@cache
def _atlas() -> Atlas:
    return Atlas({}, ())


def _every_section(text: str) -> list[str]:
    sections = Sections(text)
    return [sections.without("offered"), *(sections.at(place) for place in range(0, len(text), 100))]


def _table(text: str) -> None:
    with suppress(TableError):
        for _ in read_table(f"a,b\n{text}".encode()).rows():
            pass


PASSES: Mapping[str, Pass] = {
    "markup": without_tags,
    "lowered": lowered,
    "language": guess_language,
    "words": wording.words,
    "key": wording.key,
    "loose key": wording.loose_key,
    "name key": wording.name_key,
    "without brackets": wording.without_brackets,
    "level": level_of,
    "boilerplate": lambda text: quiet_ranges(text.lower()),
    "denials": denied_places,
    "spotter": lambda text: _spotter().spot(text),
    "windows": lambda text: list(sentences(text)),
    "windows, German": lambda text: list(sentences(text, "de")),
    "suggester": lambda text: _suggester().suggest(text),
    "linker": lambda text: _linker().link(text),
    "title": plain_title,
    "text pieces": lambda text: TextPieces().rows([text]),
    "sections": _every_section,
    "series": series,
    "location, snapshot": lambda text: _atlas().countries_in(text),
    "search tokens": tokens,
    "search query": lambda text: _index().find(text),
    "prose": blocks,
    "HTML": html_to_text,
    "HTML, escaped": lambda text: html_to_text(text, escaped=True),
    "location, Greenhouse": lambda text: (read_location([text]), city_of(text)),
    "HTML or plain text": lambda text: html_to_text(text, plain_lines=True),
    "text, Skill Exchange": lambda text: (clean(text), one_line(text)),
    "table": _table,
    "cell of a table": lambda text: plain_cell(safe_cell(text)),
    "skills, CSV folder": lambda text: (list(with_levels(text, "")), address(text)),
    "mail, Workday": lambda text: work_mail(text, ()),
}
"""Every pass over free text, by name."""


def main() -> None:
    """Measures and prints; the exit code is 1 where a pass grows faster than `HIGHEST_RATIO`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="name of a pass; repeatable")
    parser.add_argument("--shape", action="append", help="name of a shape of text; repeatable")
    options = parser.parse_args()
    passes = options.only or list(PASSES)
    for name in passes:
        PASSES[name]("We know Python and SQL.")  # indexes are built before anything is measured
    gc.collect()
    gc.freeze()
    report: dict[str, object] = {}
    failed: dict[str, list[float]] = {}
    for name in passes:
        slowest = 0.0
        worst: tuple[float, str] = (0.0, "")
        for shape in options.shape or SHAPES:
            spent = measured(PASSES[name], SHAPES[shape])
            slowest = max(slowest, spent[-1])
            for before, after in pairwise(spent):
                if after >= BELOW_NOISE:
                    worst = max(worst, (after / max(before, BELOW_NOISE / HIGHEST_RATIO), shape))
            if too_fast(spent):
                failed[f"{name} over {shape}"] = [round(seconds, 3) for seconds in spent]
        report[name] = {"slowest_cpu_s": round(slowest, 3), "worst_ratio": round(worst[0], 2), "over": worst[1]}
        print(f"{name}: {report[name]}", file=sys.stderr)
    print(json.dumps({"passes": report, "faster_than_linear": failed}, indent=2))
    sys.exit(bool(failed))


def measured(work: Pass, shape: Callable[[int], str]) -> list[float]:
    """CPU seconds by size, the best of some runs each; shorter where a size took so long that the next is hopeless."""
    spent: list[float] = []
    for size in SIZES:
        text = shape(size)
        best = _once(work, text)
        for run in range(_RUNS):
            enough = run and not too_fast([*spent[-1:], best])
            if enough or best > _GIVEN_UP / _RUNS:
                break
            best = min(best, _once(work, f"{text[:-1]}{run}"))  # another text: some passes remember the last one
        spent.append(best)
        if best > _GIVEN_UP:
            break
    return spent


def too_fast(spent: list[float]) -> bool:
    """Whether some doubling that can be measured took more than `HIGHEST_RATIO` times as long."""
    return any(
        after >= BELOW_NOISE and after > HIGHEST_RATIO * max(before, BELOW_NOISE / HIGHEST_RATIO)
        for before, after in pairwise(spent)
    )


def _once(work: Pass, text: str) -> float:
    """CPU seconds, without the garbage collector's: it looks at all that lives, which is not the text's doing."""
    gc.collect()
    gc.disable()
    began = time.process_time()
    work(text)
    spent = time.process_time() - began
    gc.enable()
    return spent


if __name__ == "__main__":
    main()
