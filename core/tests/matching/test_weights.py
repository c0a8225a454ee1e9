"""The weights file: complete, reasoned, and refused when wrong."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from echo_core.matching import FEATURES, KINDS, SUBTRACTED, WeightsError, default_weights, read_weights


@pytest.fixture
def text() -> str:
    return (files("echo_core.matching") / "weights.toml").read_text(encoding="utf-8")


def test_every_kind_and_table_gives_a_reason():
    weights = default_weights()
    assert set(KINDS) <= set(weights.reasons)
    assert all(len(reason) > 20 for reason in weights.reasons.values())


def test_positive_weights_of_a_kind_sum_to_one():
    feature = default_weights().feature
    twice = [FEATURES.index(name) for name in ("desired", "assumed", *SUBTRACTED)]
    without_twice = np.delete(feature, twice, axis=1)
    assert without_twice.sum(axis=1) == pytest.approx(np.ones(len(KINDS)))


def test_weights_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="read-only"):
        default_weights().feature[0, 0] = 1.0


@pytest.mark.parametrize(
    ("find", "put", "message"),
    [
        ("skills = 0.72", "skills = 0.73", "must sum to 1"),
        ("skills = 0.72", "charm = 0.72", "unknown features: charm"),
        ("[kind.project]", "[kind.hobby]", "the kinds must be"),
        ("mentorship = 0.42", "mentorship = 1.0", "calibration.mentorship must be"),
        ('reason = "A job', 'why = "A job', "gives no reason"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text, find, put, message):
    with pytest.raises(WeightsError, match=message):
        read_weights(text.replace(find, put, 1))
