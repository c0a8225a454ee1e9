"""Reads which occupations of O*NET and ESCO are the same, from the two public crosswalks, plain or gzip.

The official one (ESCO Secretariat and U.S. Department of Labor, 2022) says how each pair matches: exact, close, broad
(the ESCO occupation is the wider one) or narrow, and exact with a group of ISCO. The one of Nesta (2020) gives a
confidence instead: 2 is read as exact, 1 as close, less as broad. Codes of older releases are simply not found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from echo_core.skills.taxonomy.esco_concepts import esco_id
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import TaxonomyError
from echo_core.skills.taxonomy.tables import Table

EXACT, CLOSE, BROAD, NARROW = "exact", "close", "broad", "narrow"
KINDS = (EXACT, CLOSE, NARROW, BROAD)
"""Every kind of match, the closest first."""

_OFFICIAL = {"exactmatch": EXACT, "exactisco": EXACT, "closematch": CLOSE, "broadmatch": BROAD, "narrowmatch": NARROW}
_COLUMNS = ("O*NET Id", "ESCO or ISCO URI", "Type of Match")
_NESTA = ("onet_code", "concept_uri", "confidence")


@dataclass(frozen=True, slots=True)
class Match:
    """One pair of a crosswalk: an O*NET occupation, an ESCO occupation or group, and how they match."""

    onet_id: str
    esco_id: str
    kind: str


def read_crosswalk(path: Path | str) -> list[Match]:
    """The pairs of a crosswalk file, whichever of the two it is.

    Raises:
        TaxonomyError: the file is missing, or is neither of the two.
    """
    file = Path(path)
    if not file.is_file():
        raise TaxonomyError(f"{file} is not a file; name the crosswalk's CSV file")
    table = Table(file)
    for at, (_, line) in enumerate(table.lines()):
        if all(name in line for name in _COLUMNS):
            return [
                Match(f"onet:{code}", esco_id(uri.strip()), _OFFICIAL[match.strip().lower()])
                for code, uri, match in Table(file, skip=at).rows(*_COLUMNS)
                if match.strip().lower() in _OFFICIAL
            ]
        if all(name in line for name in _NESTA):
            return [
                Match(f"onet:{code}", esco_id(uri), _kind(float(confidence)))
                for code, uri, confidence in Table(file, skip=at).rows(*_NESTA)
            ]
    wanted = " nor ".join(", ".join(names) for names in (_COLUMNS, _NESTA))
    raise TaxonomyError(f"{file} is no crosswalk that is known: no line has the columns {wanted}")


def crossed(taxonomy: Taxonomy, matches: Iterable[Match], kinds: Collection[str] = (EXACT, CLOSE)) -> Taxonomy:
    """The taxonomy with `Occupation.same` filled, both ways, from the matches of these kinds between its occupations.

    An exact match stands before a close one. What `same` already holds is kept, behind.
    """
    order = {kind: at for at, kind in enumerate(KINDS)}
    same: dict[str, dict[str, None]] = {}
    for match in sorted(matches, key=lambda match: order[match.kind]):
        if match.kind in kinds and match.onet_id in taxonomy.occupations and match.esco_id in taxonomy.occupations:
            same.setdefault(match.onet_id, {})[match.esco_id] = None
            same.setdefault(match.esco_id, {})[match.onet_id] = None
    occupations = {
        occupation.id: replace(occupation, same=tuple(dict.fromkeys((*same[occupation.id], *occupation.same))))
        if occupation.id in same
        else occupation
        for occupation in taxonomy.occupations.values()
    }
    return Taxonomy(taxonomy.skills, taxonomy.sources, occupations)


def _kind(confidence: float) -> str:
    return EXACT if confidence >= 2 else CLOSE if confidence >= 1 else BROAD
