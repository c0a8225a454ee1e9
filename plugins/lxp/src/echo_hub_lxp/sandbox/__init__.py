"""Strict imitations of the learning platforms, for tests and the demo. Nothing outside tests and demo imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from echo_hub_lxp.sandbox.degreed import DegreedSandbox
from echo_hub_lxp.sandbox.lrs import LrsSandbox
from echo_hub_lxp.sandbox.percipio import PercipioSandbox

if TYPE_CHECKING:
    from echo_core.testing.company import Company
    from echo_core.testing.sandbox import Sandbox

LxpSandbox = PercipioSandbox
"""The one the demo's connection `lxp` talks to."""

__all__ = ["DegreedSandbox", "LrsSandbox", "LxpSandbox", "PercipioSandbox", "from_company"]


def from_company(company: Company) -> tuple[Sandbox, ...]:
    """The platforms the fictional company uses: a catalogue with a report, and a learning record store."""
    return PercipioSandbox.from_company(company), LrsSandbox.from_company(company)
