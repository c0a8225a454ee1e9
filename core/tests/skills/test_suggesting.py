"""Suggestions: ranked, with evidence that points into the text, and none from what a text does not ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.skills import Label, Skill, Taxonomy, TaxonomySource
from echo_core.skills.extraction.suggester import Suggester
from echo_core.skills.extraction.windows import sentences


def skill(number: int, name: str, *aliases: str, kind: str = "skill/competence") -> Skill:
    labels = (Label(name, "en", preferred=True), *(Label(alias, "en", preferred=False) for alias in aliases))
    return Skill(f"own:{number}", name, labels, kind, source="own")


NAMES = (
    skill(1, "supervise apprentices", "train junior staff"),
    skill(2, "bake bread"),
    skill(3, "repair bicycles", "fix cycles"),
    skill(4, "beekeeping", kind="knowledge"),
    skill(5, "bread and cakes", kind="group"),
    *(skill(10 + number, f"assemble {thing}") for number, thing in enumerate(("clocks", "tents", "pianos", "kites"))),
)


class Meanings:
    """Vectors by hand: honey and bees are near one another, everything else is apart."""

    name = "meanings-2"

    def encode(self, texts: Sequence[str]) -> Any:
        rows = [[1.0, 0.1] if "bee" in text or "honey" in text else [0.1, 1.0] for text in map(str.lower, texts)]
        return (np.array(rows) / np.hypot(1.0, 0.1)).astype(np.float32)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.of(NAMES, TaxonomySource("own", "Own", "1", "none", ""))


@pytest.fixture(scope="module")
def suggester(taxonomy: Taxonomy) -> Suggester:
    return Suggester(taxonomy)


def test_what_is_worded_otherwise_is_suggested_with_the_words_that_speak_for_it(suggester):
    text = "<p>Every week you will be repairing a customer's bicycle, or two.</p>"
    first = suggester.suggest(text, least=0.0)[0]
    assert first.skill_id == "own:3"
    assert text[first.start : first.end] == first.text
    assert "bicycle" in first.text
    assert not first.automatic
    assert (first.reason.id, first.reason.values["skill"]) == ("suggest-wording", "repair bicycles")


def test_what_is_named_comes_first_and_is_automatic(suggester):
    found = suggester.suggest("You bake bread and assemble a kite.", least=0.0)
    assert (found[0].skill_id, found[0].automatic, found[0].text) == ("own:2", True, "bake bread")
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    assert "own:5" not in {one.skill_id for one in found}


def test_vectors_bring_what_shares_no_word(taxonomy):
    found = Suggester(taxonomy, Meanings()).suggest("Harvest the honey in June.", least=0.0, top=1)
    assert [one.skill_id for one in found] == ["own:4"]
    assert (found[0].reason.id, found[0].reason.values["skill"]) == ("suggest-meaning", "beekeeping")
    assert "honey" in found[0].text


@pytest.mark.parametrize(
    "text",
    [
        "No experience with repairing bicycles required.",
        "Repairing bicycles is not necessary.",
        "About the role\nWrite letters.\n\nBenefits\n- Bicycle repair and bread baking courses\n",
        "We are an equal opportunity employer of people who bake bread regardless of gender.",
        "", "…", "<p></p>",
    ],
)  # fmt: skip
def test_nothing_comes_from_what_is_not_asked_for(suggester, text):
    assert {"own:2", "own:3"}.isdisjoint(one.skill_id for one in suggester.suggest(text))


def test_the_rest_of_a_sentence_that_denies_something_is_still_heard():
    text = "You repair bicycles, no beekeeping is needed."
    (only,) = sentences(text)
    heard = {text[start:end] for start, end in only.windows}
    assert "You repair bicycles," in heard or "You repair bicycles" in heard
    assert not any("beekeeping" in one for one in heard)
    assert "beekeeping" not in only.text


@settings(max_examples=50)
@given(st.text(alphabet="ab .,;<>\nİno/-", max_size=80))
def test_windows_lie_inside_the_text_as_given(text):
    for sentence in sentences(text):
        for start, end in sentence.windows:
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip()
