"""Windows of a sentence against names: like a name, saying a name, and words nobody has met."""

from __future__ import annotations

import numpy as np
import pytest

from echo_core.skills.extraction.window_likeness import Near, WindowLikeness

NAMES = ("bake bread", "repair bicycles", "repair clocks", "…")


@pytest.fixture(scope="module")
def likeness() -> WindowLikeness:
    return WindowLikeness(NAMES)


def of(near: Near, values: np.ndarray, name: str) -> list[float]:
    """The values of every window for a name; zeros where the name is not near at all."""
    column = np.flatnonzero(near.names == NAMES.index(name))
    return values[:, column].sum(axis=1).round(3).tolist()


def test_a_window_that_is_a_name_is_wholly_like_it(likeness):
    near = likeness.near(["you", "bake", "bread"], np.array([[0, 3], [1, 3]]))
    assert of(near, near.letters, "bake bread")[1] == pytest.approx(1.0, abs=0.01)


def test_a_window_covers_the_share_of_a_name_that_it_says(likeness):
    near = likeness.near(["repair", "the", "clocks"], np.array([[0, 3], [0, 1]]))
    whole, half = of(near, near.covered, "repair clocks")
    assert whole == pytest.approx(1.0, abs=0.01)
    assert 0.2 < half < 0.5, "“repair” is the commoner of the two words"


def test_a_word_in_another_form_is_like_the_word_of_the_name(likeness):
    near = likeness.near(["bicycle", "repairs"], np.array([[0, 2]]))
    assert of(near, near.letters, "repair bicycles")[0] > of(near, near.letters, "repair clocks")[0] > 0


@pytest.mark.parametrize("said", [[], ["zzz"]])
def test_words_like_no_name_are_near_to_none(likeness, said):
    near = likeness.near(said, np.array([[0, len(said)]]))
    assert len(near.names) == 0
    assert near.letters.shape == (1, 0)
