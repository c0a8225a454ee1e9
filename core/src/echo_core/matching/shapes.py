"""What becomes of a sum over skills: functions of numbers or arrays, the same in numpy and in compiled code.

All but `shaped` hold arithmetic alone, so that the compiled batch ranker compiles these very functions, in 64 and in
32 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from echo_core.matching.arrays import FloatArray

if TYPE_CHECKING:
    from echo_core.matching.weights import Weights

SHAPES = ("sum", "saturated", "taught_share", "faded", "doubled")
"""Every shape, by code. `sum` leaves a share of what is asked as it is."""


def saturated(mass: Any, intent: Any) -> Any:
    """A wish met once counts most: mass / (mass + 1), with `shrink.intent` of the weights for 1."""
    return mass / (mass + intent)


def taught_share(mass: Any, rest: Any, teaches: Any, dilution: Any) -> Any:
    """What of the taught matters, shrunk for offers that teach little and diluted by what is beside the point.

    Args:
        rest: what is taught beside `mass`, 0 or more.
        teaches, dilution: as in `shrink` of the weights.
    """
    return mass / (mass + teaches + dilution * rest)


def faded_share(claims: Any, half: Any) -> Any:
    """What is left of a role's profile beside so many claims: k / (k + claims), k is `assumed.fades_at`."""
    return half / (half + claims)


def doubled(mass: Any) -> Any:
    """Half of all that an opportunity names is as bad as all of it; the caller keeps it at 1 or below."""
    return mass + mass


def shaped(
    shape: str,
    mass: FloatArray,
    weights: Weights,
    *,
    whole: Callable[[], FloatArray],
    beside: Callable[[], FloatArray],
) -> FloatArray:
    """Sums in shape.

    Args:
        whole: all that is taught, for each sum.
        beside: how many of the person's claims are not asked for, for each sum.
    """
    number = weights.number
    if shape == "saturated":
        mass = saturated(mass, number("shrink", "intent"))
    elif shape == "taught_share":
        rest = np.maximum(whole() - mass, 0.0)
        mass = taught_share(mass, rest, number("shrink", "teaches"), number("shrink", "dilution"))
    elif shape == "faded":
        mass = mass * faded_share(beside(), number("assumed", "fades_at"))
    elif shape == "doubled":
        mass = np.minimum(1.0, doubled(mass))
    return mass
