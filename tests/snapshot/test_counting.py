"""Counting values by a product of matrices comes to the same as counting by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_hub.snapshot.search.coding import Coding
from echo_hub.snapshot.search.facet_counts import MOST_VALUES, Column

VALUES = tuple(f"v{number}" for number in range(200))


def expected(values, rows, wanted):
    """What a reader would count by hand."""
    counts = Counter(value for each, chosen in zip(values, rows, strict=True) if chosen for value in set(each))
    top = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_VALUES]
    known = {value for each in values for value in each}
    top += sorted(value for value in set(wanted) & known if value not in top)
    return [(value, counts[value]) for value in top]


@given(
    data=st.data(), size=st.integers(0, 300), seed=st.integers(0, 2**32), share=st.sampled_from([0.0, 0.1, 0.7, 1.0])
)
@settings(max_examples=150)
def test_counts_are_those_of_counting_by_hand(data, size, seed, share):
    draw = np.random.default_rng(seed)
    frequency = 1.0 / np.arange(1, len(VALUES) + 1)
    values = [
        tuple(draw.choice(VALUES, size=draw.integers(0, 8), p=frequency / frequency.sum()).tolist())
        for _ in range(size)
    ]
    rows = draw.random(size) < share
    wanted = data.draw(st.lists(st.sampled_from([*VALUES, "unheard of"]), max_size=3))
    counts = [(count.value, count.count) for count in Column(Coding.of(values), {}).counts(rows, wanted)]
    assert counts == expected(values, rows, wanted)


def test_a_value_is_found_by_label_too_and_by_itself_first():
    column = Column(Coding.of([("de",), ("fr",), ("germany",)]), {"de": "Germany", "fr": "France"})
    assert column.mask(["France"]).tolist() == [False, True, False]
    assert column.mask(["GERMANY "]).tolist() == [False, False, True]


@pytest.mark.parametrize("wanted", [(), ("x",), ("nothing",)])
def test_what_fits_everywhere_fits_every_value_and_is_counted_in_each(wanted):
    column = Column(Coding.of([("x",), ("anywhere",)]), {}, everywhere=np.array([False, True]))
    assert column.mask(wanted)[1]
    assert {count.value: count.count for count in column.counts(np.ones(2, dtype=bool), ())} == {
        "x": 2,
        "anywhere": 1,
    }
