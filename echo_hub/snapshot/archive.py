"""An opportunity table, a person's side of it and the weights as bytes, and back: what a receipt was made from.

No names, addresses or records go in: opportunities are ids, skills and columns of numbers, a person is skills,
locations as columns, and a position in the reporting line. Equal inputs give equal bytes.
"""

from __future__ import annotations

import io
import json
from dataclasses import fields
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from echo_core.matching import (
    KINDS,
    Assumption,
    Congestion,
    EligibilityFacts,
    EligibilityPerson,
    OpportunityFacts,
    PersonFacts,
    Requirements,
    SkillSet,
    SkillSpace,
    Weights,
    build_block,
)
from echo_core.matching.registry import STANDARD
from echo_core.matching.space import Relation
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable, Prepared

_RELATIONS: tuple[Relation, ...] = ("same", "broader", "narrower", "related")
_FACTS = ("kind", "remote", "countries", "languages", "hours", "id_rank", "start")
_ELIGIBILITY = (
    *("open", "seats", "seats_taken", "owner", "owner_active", "owner_enter", "owner_leave", "mentoring", "movable"),
    *("owner_zone", "zone_gaps"),
)
_REQUIREMENTS = tuple(field.name for field in fields(Requirements))
_SKILLS = tuple(field.name for field in fields(SkillSet))
_FLOATS = frozenset({"strength"})
_COMPUTED_BEFORE = ("credit", "crowding", "evidence", "need")
"""Tables of weights whose effect is in the stored inputs already; see `kept_as_it_was`."""

Array = NDArray[Any]


def pack_opportunities(table: OpportunityTable) -> bytes:
    """An opportunity table as an `.npz` file, without its weights."""
    space, eligibility, block = table.space, table.eligibility, table.block
    pairs = sorted(space.relations)
    arrays: dict[str, Array | None] = {
        "credit.data": space.credit.data,
        "credit.indices": space.credit.indices,
        "credit.indptr": space.credit.indptr,
        "relation.pair": np.array(pairs, dtype=np.int64).reshape(-1, 2),
        "relation.code": np.array([_RELATIONS.index(space.relations[pair]) for pair in pairs], dtype=np.int64),
        "crowd.free": table.congestion.free,
        "crowd.counted": table.congestion.counted,
        "kind_codes": table.kind_codes,
        "alike": table.diversity_groups,
        **{f"needs.{name}": getattr(block.requirements, name) for name in _REQUIREMENTS},
        **{f"facts.{name}": getattr(eligibility.facts, name) for name in _FACTS},
        **{f"gates.{name}": getattr(eligibility, name) for name in _ELIGIBILITY},
    }
    words = {
        "ids": list(table.ids),
        "nouns": list(table.nouns),
        "skills": list(space.ids),
        "labels": list(space.labels),
        "countries": list(eligibility.countries),
        "languages": list(eligibility.languages),
        "most_apart": None if np.isinf(eligibility.most_apart) else eligibility.most_apart,
        "each": table.congestion.each,
    }
    arrays["words"] = np.frombuffer(_json(words), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **{name: array for name, array in arrays.items() if array is not None})
    return file.getvalue()


def unpack_opportunities(data: bytes, weights: Weights) -> OpportunityTable:
    """The opportunity table of these bytes under these weights."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays: dict[str, Array] = dict(file)
    words = json.loads(arrays["words"].tobytes())
    size = len(words["skills"])
    parts = (arrays["credit.data"], arrays["credit.indices"], arrays["credit.indptr"])
    pairs = map(tuple, arrays["relation.pair"].tolist())
    space = SkillSpace(
        tuple(words["skills"]),
        tuple(words["labels"]),
        {skill: number for number, skill in enumerate(words["skills"])},
        sparse.csr_array(parts, shape=(size, size)),
        {
            cast("tuple[int, int]", pair): _RELATIONS[code]
            for pair, code in zip(pairs, arrays["relation.code"].tolist(), strict=True)
        },
    )
    facts = OpportunityFacts(**{name: arrays[f"facts.{name}"] for name in _FACTS})
    eligibility = EligibilityFacts(
        facts=facts,
        countries=tuple(words["countries"]),
        languages=tuple(words["languages"]),
        most_apart=np.inf if words["most_apart"] is None else words["most_apart"],
        **{name: arrays[f"gates.{name}"] for name in _ELIGIBILITY if f"gates.{name}" in arrays},
    )
    requirements = Requirements(**{name: arrays[f"needs.{name}"] for name in _REQUIREMENTS})
    counted = arrays["crowd.counted"]
    # Who was counted is nobody's business here: how many were is all a score reads.
    wanted = np.repeat(np.arange(len(counted)), counted)
    return OpportunityTable(
        weights=weights,
        space=space,
        block=build_block(requirements, facts, size, weights),
        congestion=Congestion(arrays["crowd.free"], np.zeros(len(wanted), dtype=np.int64), wanted, words["each"]),
        eligibility=eligibility,
        ids=words["ids"],
        nouns=[noun.removeprefix("the ") for noun in words["nouns"]],  # until 2026-11 they were kept with an article
        kind_codes=arrays["kind_codes"],
        diversity_groups=arrays["alike"],
    )


def pack_person(prepared: Prepared) -> bytes:
    """One person's side: skills and columns by number, what rules print, and what the title let one assume."""
    eligibility, role = prepared.eligibility, prepared.profile.assumption
    facts = {field.name: _plain(getattr(eligibility.facts, field.name)) for field in fields(PersonFacts)}
    side = {
        field.name: _plain(getattr(eligibility, field.name))
        for field in fields(EligibilityPerson)
        if field.name != "facts"
    }
    skills = {name: getattr(prepared.profile.skills, name).tolist() for name in _SKILLS}
    assumed = None if role is None else {field.name: _plain(getattr(role, field.name)) for field in fields(Assumption)}
    return _json({"skills": skills, "facts": facts, "gates": side, "role": assumed})


def unpack_person(data: bytes, table: OpportunityTable) -> Prepared:
    """The person of these bytes before this table."""
    given = json.loads(data)
    skills = SkillSet(**{name: _numbers(values, name) for name, values in given["skills"].items()})
    facts, side, role = given["facts"], given["gates"], given["role"]
    for name in ("languages", "prefers_countries"):
        facts[name] = None if facts[name] is None else tuple(facts[name])
    facts["counted_in"] = None if facts["counted_in"] is None else _numbers(facts["counted_in"])
    side |= {"spoken": tuple(side["spoken"]), "done": _numbers(side["done"])}
    if role is not None:
        role |= {"skills": _numbers(role["skills"]), "weight": np.array(role["weight"], dtype=np.float64)}
    return table.prepare(
        skills, EligibilityPerson(facts=PersonFacts(**facts), **side), None if role is None else Assumption(**role)
    )


def pack_weights(weights: Weights) -> bytes:
    """Every number of the weights as it was used, and the reasons."""
    feature = {
        kind: dict(zip(weights.features.names, row, strict=True))
        for kind, row in zip(KINDS, weights.feature.tolist(), strict=True)
    }
    tables = {name: dict(table) for name, table in weights.tables.items()}
    return _json({"version": weights.version, "kind": feature, "tables": tables, "reasons": dict(weights.reasons)})


def unpack_weights(data: bytes) -> Weights:
    """The weights of these bytes."""
    given = json.loads(data)
    feature = np.array([[given["kind"][kind].get(name, 0.0) for name in STANDARD.names] for kind in KINDS])
    return Weights(given["version"], feature, given["tables"], given["reasons"])


def kept_as_it_was(before: Weights, after: Weights) -> tuple[str, ...]:
    """Tables that differ, and whose effect a stored table cannot show: it was worked out from people and the graph."""
    return tuple(name for name in _COMPUTED_BEFORE if dict(before.tables[name]) != dict(after.tables[name]))


def _numbers(values: list[Any], name: str = "") -> Any:
    return np.array(values, dtype=np.float64 if name in _FLOATS else np.int64)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
