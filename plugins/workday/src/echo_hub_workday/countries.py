"""Countries as reports write them: the company's own spellings first, then every usual name and code."""

from __future__ import annotations

from collections.abc import Mapping

from echo_core.text.countries import country_code as usual_country_code
from echo_hub_workday.folding import fold


def country_code(text: str | None, extra: Mapping[str, str]) -> str | None:
    """The alpha-2 code of a country written any usual way; None where nobody knows it, never a guess.

    Args:
        text: "FR", "FRA", "250", "4" (a number that lost its zeros), "France" or "Türkiye".
        extra: the company's own spellings, folded, to alpha-2. "NA" is Namibia only where it is among them.
    """
    if not text:
        return None
    return extra.get(fold(text)) or usual_country_code(text)
