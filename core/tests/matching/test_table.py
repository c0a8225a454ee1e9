"""Sums over needs: the same number whichever way the table is gone through."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from echo_core.matching.table import Table


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 12), columns=st.integers(1, 9))
@settings(max_examples=60)
def test_a_sum_is_the_same_to_the_last_digit_alone_and_among_all(seed, rows, columns):
    draw = np.random.default_rng(seed)
    dense = draw.random((rows, columns)) * (draw.random((rows, columns)) < 0.4)
    table = Table(sparse.csr_array(dense))
    worth = draw.random(columns) * (draw.random(columns) < 0.5)
    every = table.sums(worth)
    some = draw.permutation(rows)[: draw.integers(0, rows + 1)]
    assert table.sums(worth, some).tolist() == every[some].tolist()
    assert [table.sums(worth, np.array([row]))[0] for row in range(rows)] == every.tolist()
    assert np.abs(every - dense @ worth).max() <= 1e-12
