"""The scorer's numbers: read from one versioned data file, checked, frozen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from echo_core.matching.arrays import FloatArray
from echo_core.matching.registry import STANDARD, FeatureSet

KINDS = ("job", "project", "mentorship", "learning_path", "mentorship_request")
"""Scored kinds by code. A mentee's request is scored unlike a mentor's offer, though people see one kind."""

_SKILLS = ("essential", "desired", "assumed")
"""What a kind's one number for `skills` is the most of, together."""


class WeightsError(ValueError):
    """The weights file is wrong: the message names the table and the key."""

    code = "matching.weights"


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of the scorer's numbers.

    `feature[kind code, feature code]` is the most a feature can contribute before calibration; `essential`, `desired`
    and `assumed` share the kind's `skills`. What is subtracted (`SUBTRACTED`) is positive here. The other tables are
    as in the file, by name. `features` are those the numbers are for.
    """

    version: str
    feature: FloatArray
    tables: Mapping[str, Mapping[str, Any]]
    reasons: Mapping[str, str]
    features: FeatureSet = STANDARD

    def number(self, table: str, key: str) -> float:
        """One number of a table, e.g. `number("shrink", "asks")`."""
        return float(self.tables[table][key])

    @property
    def broader(self) -> tuple[float, ...]:
        """Credit for one, two … steps along the taxonomy."""
        return tuple(float(value) for value in self.tables["credit"]["broader"])


def read_weights(text: str, features: FeatureSet = STANDARD) -> Weights:
    """Weights from the text of a TOML file.

    Args:
        features: those that a kind may give a number.

    Raises:
        WeightsError: a kind or table is missing, a feature is unknown, a reason is missing, or weights do not sum to 1.
    """
    data = tomllib.loads(text)
    known = frozenset({"skills", *features.names}) - frozenset(_SKILLS)
    subtracted = features.names[features.gains :]
    feature = np.zeros((len(KINDS), len(features)))
    kinds: dict[str, dict[str, Any]] = data.get("kind", {})
    if set(kinds) != set(KINDS):
        raise WeightsError(f"the kinds must be {', '.join(KINDS)}; found {', '.join(sorted(kinds))}")
    reasons = {}
    for code, kind in enumerate(KINDS):
        row = dict(kinds[kind])
        reasons[kind] = _reason(f"kind.{kind}", row)
        if unknown := set(row) - known:
            raise WeightsError(f"kind.{kind} has unknown features: {', '.join(sorted(unknown))}")
        total = sum(value for name, value in row.items() if name not in subtracted)
        if abs(total - 1.0) > 1e-9 or min(row.values()) < 0:
            raise WeightsError(f"the positive weights of kind.{kind} must sum to 1, they sum to {total:g}")
        skills = row.pop("skills", 0.0)
        feature[code, [features.code(name) for name in _SKILLS]] = skills
        for name, value in row.items():
            feature[code, features.code(name)] = value
    tables = {name: dict(table) for name, table in data.items() if isinstance(table, dict) and name != "kind"}
    for name, table in tables.items():
        reasons[name] = _reason(name, table)
    feature.setflags(write=False)
    _check_calibration(tables)
    return Weights(
        str(data["version"]),
        feature,
        MappingProxyType({name: MappingProxyType(table) for name, table in tables.items()}),
        MappingProxyType(reasons),
        features,
    )


def _check_calibration(tables: Mapping[str, Mapping[str, Any]]) -> None:
    given = tables.get("calibration", {})
    for name in (*KINDS, "usual_best"):
        if not 0 < float(given.get(name, 0)) < 1:
            raise WeightsError(f"calibration.{name} must be a number between 0 and 1, without either")


def _reason(name: str, table: dict[str, Any]) -> str:
    reason = str(table.pop("reason", "")).strip()
    if not reason:
        raise WeightsError(f"[{name}] gives no reason for its numbers")
    return reason


@cache
def default_weights() -> Weights:
    """The weights this version ships."""
    return read_weights((files("echo_core.matching") / "weights.toml").read_text(encoding="utf-8"))
