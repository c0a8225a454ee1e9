"""Who fits what, and why: eligibility rules, an additive score, its order and its reasons. Functions of arrays.

A person's claims become tables (`build_profile`), opportunities become matrices (`build_block`), and a score is a
sum of named contributions (`Scorer`) that an `Explainer` takes apart into messages. Rules stand apart: no score
opens one.
"""

from echo_core.matching.arrays import IMPORTANCES, STANCES, ClaimIndex, Claims, Requirements, SkillSet
from echo_core.matching.block import LEVELS, OpportunityBlock, build_block
from echo_core.matching.breakdown import Breakdown, Contribution, Missing
from echo_core.matching.congestion import Congestion, fitting
from echo_core.matching.eligibility import (
    ELIGIBILITY_RULES,
    EligibilityFacts,
    EligibilityPeople,
    EligibilityPerson,
    Verdict,
    all_eligible,
    all_verdicts,
    by_rule,
    eligible,
    verdicts,
)
from echo_core.matching.growth import Growth
from echo_core.matching.messages import THEY, YOU, Speaks, Voice
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.person_facts import PersonFacts
from echo_core.matching.profile import Assumption, Profile, build_profile
from echo_core.matching.rank import Retrieval, in_order, mixed, recommends
from echo_core.matching.reasons import Explainer
from echo_core.matching.registry import FEATURES, RECOMMENDS, REGISTRY, SUBTRACTED, Feature
from echo_core.matching.scorer import Person, Scorer, Scores
from echo_core.matching.space import SkillSpace, build_space
from echo_core.matching.weights import KINDS, Weights, WeightsError, default_weights, read_weights
from echo_core.matching.what_if import Change, Effect, Standing, WhatIf

__all__ = [
    "ELIGIBILITY_RULES",
    "FEATURES",
    "IMPORTANCES",
    "KINDS",
    "LEVELS",
    "RECOMMENDS",
    "REGISTRY",
    "STANCES",
    "SUBTRACTED",
    "THEY",
    "YOU",
    "Assumption",
    "Breakdown",
    "Change",
    "ClaimIndex",
    "Claims",
    "Congestion",
    "Contribution",
    "Effect",
    "EligibilityFacts",
    "EligibilityPeople",
    "EligibilityPerson",
    "Explainer",
    "Feature",
    "Growth",
    "Missing",
    "OpportunityBlock",
    "OpportunityFacts",
    "Person",
    "PersonFacts",
    "Profile",
    "Requirements",
    "Retrieval",
    "Scorer",
    "Scores",
    "SkillSet",
    "SkillSpace",
    "Speaks",
    "Standing",
    "Verdict",
    "Voice",
    "Weights",
    "WeightsError",
    "WhatIf",
    "all_eligible",
    "all_verdicts",
    "build_block",
    "build_profile",
    "build_space",
    "by_rule",
    "default_weights",
    "eligible",
    "fitting",
    "in_order",
    "mixed",
    "read_weights",
    "recommends",
    "verdicts",
]
